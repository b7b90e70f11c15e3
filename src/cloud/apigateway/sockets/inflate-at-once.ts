import { constants, InflateRaw } from 'minizlib'
import type { WebSocket } from 'ws'
import { MAX_MESSAGE_BYTES } from './frame-size.ts'

/** What ends each compressed message, and is not sent (RFC 7692, 7.2.2). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff])
/** How much is inflated before its size is looked at, in bytes: it may come to a thousand times as many. */
const PIECE = 256
/** Messages above this size let others have a turn before the next one is inflated, in bytes. */
const LARGE = 16 * 1024

type Inflated = (error: Error | null, message?: Buffer) => void

/** As much as is used here of how `ws` takes a message apart. */
interface Inside {
  readonly _extensions?: Readonly<
    Record<
      string,
      {
        readonly params: { readonly client_no_context_takeover?: boolean }
        decompress(data: Buffer, isWhole: boolean, inflated: Inflated): void
      }
    >
  >
  readonly _receiver?: {
    createError(of: ErrorConstructor, text: string, prefix: boolean, status: number, code: string): Error
  }
}

/**
 * Has a client's compressed messages inflated in place. `ws` gives each to another thread, which takes longer than inflating
 * the small messages of a chat does. Where `ws` looks different inside, everything stays as it is.
 */
export function inflateAtOnce(socket: WebSocket): void {
  const { _extensions, _receiver } = socket as unknown as Inside
  const deflate = _extensions?.['permessage-deflate']
  if (!deflate || !_receiver) return
  let inflate: InflateRaw | undefined
  let pieces: Buffer[] = []
  let bytes = 0
  let failure: Error | undefined

  deflate.decompress = (data, isWhole, inflated) => {
    const part = inflateAll(isWhole ? Buffer.concat([data, TAIL]) : data, isWhole)
    if (failure) {
      const error = _receiver.createError(Error, failure.message, false, 1007, 'Z_DATA_ERROR')
      process.nextTick(inflated, error)
    } else if (part.length > LARGE) setImmediate(inflated, null, part)
    else process.nextTick(inflated, null, part)
  }
  socket.once('close', () => inflate?.close())

  /** One frame's part of a message. Stops when it is more than any message may have: `ws` then refuses it. */
  function inflateAll(compressed: Buffer, isLast: boolean): Buffer {
    inflate ??= begin()
    for (let at = 0; at < compressed.length && !failure && bytes <= MAX_MESSAGE_BYTES; at += PIECE) {
      inflate.write(compressed.subarray(at, at + PIECE))
    }
    const part = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    pieces = []
    bytes = 0
    if (isLast && deflate!.params.client_no_context_takeover && !failure) inflate.reset()
    return part
  }

  function begin(): InflateRaw {
    const begun = new InflateRaw({ flush: constants.Z_SYNC_FLUSH! })
    begun.on('data', piece => {
      const buffer = Buffer.from(piece)
      pieces.push(buffer)
      bytes += buffer.length
    })
    begun.on('error', error => {
      failure = error instanceof Error ? error : new Error(String(error))
    })
    return begun
  }
}
