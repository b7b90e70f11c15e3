import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ResponseType } from '../logs/response-type.ts'

/** A handshake that is answered with a status instead of a WebSocket. */
export interface Refusal {
  readonly status: number
  /** What the gateway says of it. Absent for a status of the handler's own, whose body does not reach the client (facts: A9). */
  readonly message?: string
  readonly because: string
  /** What kind of error it is, for the access log. */
  readonly responseType?: ResponseType
}

/** Answers a handshake with a status and hangs up. Body and headers are assumed, by analogy with REST (facts: A18). */
export function refuse(
  socket: Duplex,
  { status, message }: Refusal,
  connectionId: string,
  requestId: string,
): void {
  const body = message === undefined ? '' : JSON.stringify({ message, connectionId, requestId })
  const errorType = message === undefined ? undefined : ERROR_TYPES[status]
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    `x-amzn-RequestId: ${requestId}`,
    ...(errorType ? [`x-amzn-ErrorType: ${errorType}`] : []),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'BadRequestException',
  401: 'UnauthorizedException',
  403: 'ForbiddenException',
  429: 'TooManyRequestsException',
  500: 'InternalServerErrorException',
  502: 'InternalServerErrorException',
  504: 'IntegrationTimeoutException',
}
