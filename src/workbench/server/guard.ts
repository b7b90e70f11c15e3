import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { requested } from '../../machine/requested.ts'

/** What the guard says of a request. */
export type Admission =
  | { readonly admitted: true; readonly cookie?: string }
  | { readonly admitted: false; readonly status: 401 | 403; readonly because: string }

/** Who may talk to the workbench: its own page, and nobody else. The page can run code on this machine. */
export interface Guard {
  /** The query of the address that is printed: `token=…`. */
  readonly query: string
  admit(request: IncomingMessage, port: number): Admission
}

/**
 * Makes a guard with a token of its own. The token comes in the printed address, and then in a cookie. A loopback cookie
 * goes to every port of the machine, so its name carries the port.
 */
export function makeGuard(env: NodeJS.ProcessEnv = process.env): Guard {
  const token = randomBytes(24).toString('base64url')
  return {
    query: `token=${token}`,
    admit({ method = 'GET', url = '/', headers }, port) {
      const hosts = hostsOf(port, env)
      if (!hosts.includes(headers.host ?? '')) {
        return refused(403, 'This address is not one of the workbench. Use the one that the terminal shows.')
      }
      const { origin } = headers
      if (origin !== undefined && !originsOf(hosts).includes(origin)) {
        return refused(403, 'Another site may not talk to the workbench.')
      }
      const changes = method !== 'GET' || headers.upgrade !== undefined
      if (changes && origin === undefined) {
        return refused(403, 'A request that changes something must say where it comes from (Origin).')
      }
      const name = `wslab-${port}`
      if (isSame(cookieOf(headers.cookie, name), token)) return { admitted: true }
      const given = requested(url).searchParams.get('token')
      if (method === 'GET' && !changes && isSame(given, token)) {
        return { admitted: true, cookie: `${name}=${token}; Path=/; HttpOnly; SameSite=Strict` }
      }
      return refused(401, 'The token is missing or old. Open the whole address that the terminal shows.')
    },
  }
}

/** Loopback by its usual names, and the forwarded host of a Codespace. */
function hostsOf(port: number, env: NodeJS.ProcessEnv): string[] {
  const { CODESPACE_NAME: name, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain } = env
  const local = ['localhost', '127.0.0.1', '[::1]'].map(host => `${host}:${port}`)
  return name && domain ? [...local, `${name}-${port}.${domain}`] : local
}

const originsOf = (hosts: readonly string[]): string[] =>
  hosts.map(host => (/:\d+$/.test(host) ? `http://${host}` : `https://${host}`))

const refused = (status: 401 | 403, because: string): Admission => ({ admitted: false, status, because })

const cookieOf = (header: string | undefined, name: string): string | undefined =>
  header
    ?.split(/;\s*/)
    .find(one => one.startsWith(`${name}=`))
    ?.slice(name.length + 1)

function isSame(given: string | null | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
