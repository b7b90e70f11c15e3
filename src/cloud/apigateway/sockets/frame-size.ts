/** The largest payload of one frame, in bytes (facts: G3; the exact boundary is assumed: G5). */
export const MAX_FRAME_BYTES = 32 * 1024
/** The largest message, in bytes, both ways (facts: G3, E8). */
export const MAX_MESSAGE_BYTES = 128 * 1024

/** Watches the frames that pass by. */
export interface FrameWatch {
  read(chunk: Buffer): void
  /** How many messages have begun to come, complete or not. */
  begun(): number
  /** Whether a close frame has come. */
  hasClosed(): boolean
  /** In how many frames the oldest message came that has not been asked about. */
  framesOfNext(): number
}

/**
 * Reads the headers of a client's frames and calls `tooLarge` with the number of the message, counted from 0, in which a frame is
 * announced with more than 32 KB. `ws` hands out whole messages and cannot tell how they were cut.
 */
export function watchFrames(tooLarge: (message: number) => void): FrameWatch {
  /** Frames of each message that is complete, and of the one that is not. */
  const counts: number[] = []
  let frames = 0
  let message = 0

  let state: 'first' | 'second' | 'length' = 'first'
  let last = false
  let control = false
  let closes = false
  let masked = false
  let length = 0
  let lengthBytes = 0
  let skip = 0

  return {
    framesOfNext: () => counts.shift() ?? 1,
    begun: () => message + (isBetweenFrames() ? 0 : 1),
    hasClosed: () => closes,
    read(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const step = Math.min(skip, chunk.length - at)
        skip -= step
        at += step
        if (at < chunk.length) readHeader(chunk[at++]!)
      }
    },
  }

  function isBetweenFrames() {
    return state === 'first' && skip === 0 && frames === 0
  }

  function readHeader(byte: number) {
    if (state === 'first') {
      last = byte >= 0x80
      control = (byte & 0x08) !== 0
      if ((byte & 0x0f) === 0x08) closes = true
      state = 'second'
    } else if (state === 'second') {
      masked = byte >= 0x80
      length = byte & 0x7f
      lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0
      if (lengthBytes === 0) return headerEnds()
      length = 0
      state = 'length'
    } else {
      length = length * 256 + byte
      if (--lengthBytes === 0) headerEnds()
    }
  }

  function headerEnds() {
    skip = length + (masked ? 4 : 0)
    state = 'first'
    if (control) return
    frames++
    if (length > MAX_FRAME_BYTES) tooLarge(message)
    if (!last) return
    counts.push(frames)
    frames = 0
    message++
  }
}
