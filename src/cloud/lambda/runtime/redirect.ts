// Loaded into every instance before anything else, and into the workers and Node processes that a handler starts.
// It sends every connection meant for AWS to the cloud's door, where nothing but the cloud's own certificate
// authority is believed. No name of AWS's is ever looked up or reached.
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'

interface Door {
  readonly port: number
  /** PEM. */
  readonly authority: string
}

const { port, authority }: Door = JSON.parse(readFileSync(join(__dirname, 'door.json'), 'utf8'))

const AWS =
  /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|on\.aws|aws\.amazon\.com|api\.amazonwebservices\.com\.cn)\.?$/i

/** Instance metadata, container credentials and the rest of the link-local range: there is nobody there in Lambda. */
const LINK_LOCAL = /^(::ffff:)?169\.254\.|^fd00:ec2::|^fe80:/i

const isAws = (host: unknown): host is string => typeof host === 'string' && AWS.test(host)

const connectTls = tls.connect
tls.connect = ((...given: any[]) => {
  const [options, listener] = argumentsOf(given)
  const meant = options.servername ?? options.host
  if (options.socket || !(isAws(meant) || isAws(options.host))) return connectTls(options, listener)
  return connectTls(
    {
      ...options,
      host: isAws(options.host) ? options.host : meant,
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
  if (LINK_LOCAL.test(options.host ?? '')) {
    const error = Object.assign(new Error(`connect EHOSTUNREACH ${options.host}:${options.port}`), {
      code: 'EHOSTUNREACH',
      syscall: 'connect',
      address: options.host,
      port: options.port,
    })
    process.nextTick(() => this.destroy(error))
    return this
  }
  if (!isAws(options.host)) return connectSocket.apply(this, given as any)
  return connectSocket.call(
    this,
    {
      ...options,
      host: '127.0.0.1',
      port,
      path: undefined,
      lookup: undefined,
      localAddress: undefined,
    } as any,
    listener,
  )
} as typeof connectSocket

// Without HOME Node asks the system for the learner's own folder, and the SDK would read their ~/.aws/config.
os.homedir = () => process.env.HOME ?? '/home/sbx_user1051'

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
