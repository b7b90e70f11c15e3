import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { requested } from '../../machine/requested.ts'
import { type BenchOptions, setUpBench } from './bench.ts'
import { bundlePage, type PageFiles } from './bundle-page.ts'
import { keepClientNames } from './client-names.ts'
import { startFeed } from './feed.ts'
import { makeGuard } from './guard.ts'
import { begin, Refusal, readJson, sendJson } from './http.ts'
import { openInside } from './inside.ts'
import { routesOf } from './routes.ts'
import { shell } from './shell.ts'
import { openTunnels } from './sockets.ts'

/** A workbench that is open. */
export interface Workbench {
  /** The address to open, with the token. */
  readonly url: string
  close(): Promise<void>
}

/** Opens a workbench on one loopback port: its page, what the page asks, and the sockets of every stage. */
export async function openWorkbench(options: BenchOptions & { readonly port?: number }): Promise<Workbench> {
  const { target } = options
  const files = await bundlePage()
  const bench = setUpBench(options, () => feed.changed())
  const clients = keepClientNames(target.cloud.events)
  const feed = startFeed(target.cloud.events, clients, bench.state)
  const inside = openInside(target.cloud)
  const guard = makeGuard()
  const tunnels = openTunnels(target.cloud)
  const connectionOf = (client: string) => clients.at(tunnels.portOf(client) ?? -1)
  const routes = routesOf(bench, target, inside, connectionOf)
  const server = createServer((request, response) => void answer(request, response))
  server.on('upgrade', upgrade)
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    url: `http://localhost:${port}/?${guard.query}`,
    async close() {
      feed.close()
      tunnels.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await bench.close()
      inside.stop()
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admission = guard.admit(request, port)
    if (!admission.admitted) {
      return void begin(response, admission.status, 'text/plain; charset=utf-8').end(`${admission.because}\n`)
    }
    const { pathname, searchParams } = requested(request.url)
    if (admission.cookie) response.setHeader('set-cookie', admission.cookie)
    if (request.method === 'GET' && sendFile(pathname, files, response)) return
    if (pathname === '/api/feed') return feed.join(request, response)
    try {
      const route = routes[`${request.method} ${pathname}`]
      if (!route) throw new Refusal('There is nothing of this name.', 404)
      const body = request.method === 'POST' ? await readJson(request) : {}
      sendJson(response, await route({ query: searchParams, body }))
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500
      sendJson(response, { error: (error as Error).message }, status)
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const admission = guard.admit(request, port)
    if (!admission.admitted) {
      return void socket.end(
        `HTTP/1.1 ${admission.status} Refused\r\nconnection: close\r\n\r\n${admission.because}`,
      )
    }
    void tunnels.take(request, socket, head)
  }
}

/** The page itself. Answers whether the path was one of its files. */
function sendFile(path: string, { script, style }: PageFiles, response: ServerResponse): boolean {
  const file = {
    '/': ['text/html; charset=utf-8', shell],
    '/page.js': ['text/javascript; charset=utf-8', script],
    '/page.css': ['text/css; charset=utf-8', style],
    // Browsers ask for it unbidden.
    '/favicon.ico': ['image/svg+xml', ''],
  }[path]
  if (!file) return false
  begin(response, 200, file[0]!).end(file[1])
  return true
}
