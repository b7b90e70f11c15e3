/** The largest payload of one frame, in bytes (facts: G3; the exact boundary is assumed: G5). */
export const MAX_FRAME_BYTES = 32 * 1024
/** The largest message, in bytes, both ways (facts: G3, E8). */
export const MAX_MESSAGE_BYTES = 128 * 1024

/**
 * Reads the headers of the frames that pass by and calls `tooLarge` with the number of the message, counted from 0,
 * in which a frame has more than `limit` bytes of payload.
 *
 * `ws` hands out whole messages and cannot tell how they were cut. The size is what is on the wire: compressed, if it is (assumed: G5).
 */
export function watchFrames(tooLarge: (message: number) => void, limit = MAX_FRAME_BYTES) {
  let message = 0
  let state: 'first' | 'second' | 'length' = 'first'
  let last = false
  let control = false
  let masked = false
  let length = 0
  let lengthBytes = 0
  let skip = 0

  return (chunk: Buffer): void => {
    for (let at = 0; at < chunk.length; ) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at)
        skip -= step
        at += step
        continue
      }
      read(chunk[at++]!)
    }
  }

  function read(byte: number) {
    if (state === 'first') {
      last = byte >= 0x80
      control = (byte & 0x08) !== 0
      state = 'second'
    } else if (state === 'second') {
      masked = byte >= 0x80
      length = byte & 0x7f
      lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0
      if (lengthBytes) {
        length = 0
        state = 'length'
      } else {
        headed()
      }
    } else {
      length = length * 256 + byte
      if (--lengthBytes === 0) headed()
    }
  }

  function headed() {
    if (!control && length > limit) tooLarge(message)
    if (!control && last) message++
    skip = length + (masked ? 4 : 0)
    state = 'first'
  }
}
