import { once } from 'node:events'
import { readFile, realpath } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, sep } from 'node:path'
import { requested } from '../machine/requested.ts'

/** Something that is served to one page. */
export interface PageServer {
  /** `http://localhost:PORT/`. */
  readonly origin: string
  close(): void
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves the files under a folder, and over them what `besides` holds by its path, on a loopback port. */
export async function servePages(
  folder: string,
  besides: Readonly<Record<string, { type: string; text: string }>> = {},
): Promise<PageServer> {
  const top = await realpath(folder)
  const server = createServer(async ({ url, headers }, response) => {
    // A page somewhere on the web may have a name of its own that leads here: it is not to read what is served.
    if (!isOurs(headers.host)) return void response.writeHead(421).end()
    const { pathname } = requested(url)
    // Browsers ask for it unbidden, and complain on the console.
    if (pathname === '/favicon.ico') return void response.writeHead(204).end()
    const extra = besides[pathname]
    if (extra) return void response.setHeader('content-type', extra.type).end(extra.text)
    const file = join(top, decoded(pathname))
    const type = TYPES[extname(file)]
    const text =
      type && file.startsWith(top + sep) && (await isNoLink(file))
        ? await readFile(file).catch(() => undefined)
        : undefined
    if (type === undefined || text === undefined) return void response.writeHead(404).end()
    response.setHeader('content-type', type).end(text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const isOurs = (host = ''): boolean => /^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(host)

/** Whether the file, and each folder on the way to it, is what it is called: a link may lead anywhere on this machine. */
const isNoLink = (file: string): Promise<boolean> =>
  realpath(file).then(
    real => real === file,
    () => false,
  )

/** A path as it is meant. What cannot be read as one is the name of no file. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return ''
  }
}
