import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import type { Certificate } from '../door/certificate.ts'

/** A loopback port that speaks TLS, as ElastiCache Serverless does and nothing else, before a server that does not. */
export interface Front {
  readonly port: number
  close(): Promise<void>
}

/** Opens a port before a Unix socket. A client without TLS is disconnected. */
export async function openFront(socketPath: string, { key, cert }: Certificate): Promise<Front> {
  const open = new Set<net.Socket>()
  const keep = (socket: net.Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    return socket
  }
  const server = tls.createServer({ key, cert }, client => {
    const inside = keep(net.connect(socketPath))
    client.on('error', () => inside.destroy())
    client.on('close', () => inside.destroy())
    inside.on('close', () => client.destroy())
    client.pipe(inside).pipe(client)
  })
  server.on('connection', keep)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
