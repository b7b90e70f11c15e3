// Loaded into every instance before anything else, and into the workers and Node processes that a handler starts.
// It sends every connection meant for AWS, or for a custom domain that is here, to the cloud's door, where nothing but the
// cloud's own certificate authority is believed. No such name is ever looked up or reached. In a VPC it goes where it would go there.
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import tls from 'node:tls'
import { answerForTheVpc } from './names.ts'
import { authority, isOurs, turnFor } from './surroundings.ts'

/** Instance metadata, container credentials and the rest of the link-local range: there is nobody there in Lambda. */
const LINK_LOCAL = /^(::ffff:)?169\.254\.|^fd00:ec2::|^fe80:/i

/** The endpoint that a client of @connections makes up when it is given none: no such name exists (facts: E16). */
const NO_SUCH_NAME = /^execute-api\.[\w-]+\.amazonaws\.com\.?$/i
/** API Gateway's hosts take no plain HTTP: who knocks there, as the SDK does for a `wss://` endpoint, waits for ever (facts: A2, E16). */
const TLS_ONLY = /\.execute-api\.[\w-]+\.amazonaws\.com\.?$/i
/** How long a system tries to connect, in milliseconds. */
const CONNECTING = 127_000

const connectTls = tls.connect
tls.connect = ((...given: any[]) => {
  const [options, listener] = argumentsOf(given)
  const meant = options.servername ?? options.host
  if (options.socket || !(isOurs(meant) || isOurs(options.host))) {
    return connectTls(options, listener)
  }
  return connectTls(
    {
      ...options,
      host: isOurs(options.host) ? options.host : meant,
      servername: meant,
      ca: authority,
      // A certificate made for other authorities would be checked against theirs.
      secureContext: undefined,
    } as tls.ConnectionOptions,
    listener,
  )
}) as typeof tls.connect

const connectSocket = net.Socket.prototype.connect
net.Socket.prototype.connect = function (this: net.Socket, ...given: any[]) {
  const [options, listener] = argumentsOf(given)
  const host = String(options.host ?? '')
  const target = { host, port: options.port }
  if (LINK_LOCAL.test(host)) return fails(this, 'connect', 'EHOSTUNREACH', target)
  if (NO_SUCH_NAME.test(host)) return fails(this, 'getaddrinfo', 'ENOTFOUND', { host })
  if (TLS_ONLY.test(host) && Number(options.port) === 80)
    return fails(this, 'connect', 'ETIMEDOUT', target, CONNECTING)
  const turn = turnFor(host, Number(options.port))
  if (turn === 'hangs') return fails(this, 'connect', 'ETIMEDOUT', target, CONNECTING)
  if (!turn) return connectSocket.apply(this, given as any)
  return connectSocket.call(
    this,
    {
      ...options,
      host: '127.0.0.1',
      port: turn.port,
      path: undefined,
      lookup: undefined,
      localAddress: undefined,
    } as any,
    listener,
  )
} as typeof connectSocket

/** Has a socket fail as the system would, after a while in milliseconds. */
function fails(
  socket: net.Socket,
  syscall: string,
  code: string,
  { host, port }: { readonly host: string; readonly port?: unknown },
  after = 0,
): net.Socket {
  const where = port === undefined ? { hostname: host } : { address: host, port }
  const error = Object.assign(
    new Error(`${syscall} ${code} ${host}${port === undefined ? '' : `:${port}`}`),
    {
      code,
      syscall,
      ...where,
    },
  )
  // As the system's own connect has it: what is written meanwhile waits.
  Object.assign(socket, { connecting: true })
  const timer = setTimeout(() => socket.destroy(error), after)
  socket.once('close', () => clearTimeout(timer))
  return socket
}

// Without HOME Node asks the system for the learner's own folder, and the SDK would read their ~/.aws/config.
os.homedir = () => process.env.HOME ?? '/home/sbx_user1051'

answerForTheVpc()

syncBuiltinESMExports()

/** The three ways of calling `connect`: with options, with a port and perhaps a host, and as Node does itself, in a list. */
function argumentsOf(given: any[]): [options: any, listener: any] {
  const list = Array.isArray(given[0]) ? given[0] : given
  const listener = list.findLast((one: unknown) => typeof one === 'function')
  if (typeof list[0] === 'object' && list[0] !== null) return [list[0], listener]
  if (typeof list[0] === 'string' && Number.isNaN(Number(list[0]))) return [{ path: list[0] }, listener]
  const [first, second, third] = list
  const options = [second, third].find(one => typeof one === 'object' && one !== null) ?? {}
  return [{ ...options, port: first, ...(typeof second === 'string' ? { host: second } : {}) }, listener]
}
