import type { WebSocket } from 'ws'
import type { Peer } from '../messages/event-shapes.ts'
import { MAX_FRAME_BYTES } from './frame-size.ts'

/** A client that is connected. */
export interface Connection {
  readonly apiId: string
  readonly stage: string
  readonly peer: Peer
  /** Milliseconds since the epoch: the last message either way (facts: E24 is assumed). */
  lastActiveAt: number
  readonly socket: WebSocket
}

/**
 * How much may wait to be sent to a client that does not read, in bytes, beyond what the operating system takes.
 * AWS has such a bound but does not tell it (facts: E9); assumed: eight messages of the largest size.
 */
const MAX_WAITING_BYTES = 8 * 128 * 1024
/** Messages below this size are sent as they are even where compression was negotiated: deflating them costs more than it saves. */
const WORTH_COMPRESSING = 1024

/** Whether the client's buffer has room for one more message. */
export const hasRoom = ({ socket }: Connection, bytes: number) =>
  socket.bufferedAmount === 0 || socket.bufferedAmount + bytes <= MAX_WAITING_BYTES

/**
 * Sends text as one message, in frames of at most 32 KB (facts: C24, E25). The connection must be open. Calls `sent` when it has left
 * this process, or waits for a client that does not read.
 */
export function sendText({ socket }: Connection, text: string, sent: () => void): void {
  const bytes = Buffer.from(text)
  const compress = bytes.length >= WORTH_COMPRESSING
  for (let at = 0; at === 0 || at < bytes.length; at += MAX_FRAME_BYTES) {
    const frame = bytes.subarray(at, at + MAX_FRAME_BYTES)
    const fin = at + MAX_FRAME_BYTES >= bytes.length
    socket.send(frame, { binary: false, compress, fin }, fin ? sent : ignoreError)
  }
  // Only compression takes its time. What has not been written at once without it waits for the client.
  if (!compress || socket.extensions === '') sent()
}

// A socket that breaks while something is being written to it is reported once, by its `close`.
const ignoreError = () => {}
