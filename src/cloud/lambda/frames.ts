/** One thing a child process said: see `runtime/channel.ts`, its other side. */
export interface Frame {
  readonly type: string
  readonly text: string
}

/** Takes a stream of bytes apart into frames. Feed it chunks; it calls `onFrame` for each that is complete. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let bytes = 0
  let wanted = 5

  return chunk => {
    held.push(chunk)
    bytes += chunk.length
    // A frame of six megabytes comes in a hundred pieces: they are put together once, when all are there.
    if (bytes < wanted) return
    let rest = held.length === 1 ? chunk : Buffer.concat(held)
    while (rest.length >= 5) {
      wanted = 5 + rest.readUInt32BE(1)
      if (rest.length < wanted) break
      const frame = { type: String.fromCharCode(rest[0]!), text: rest.toString('utf8', 5, wanted) }
      rest = rest.subarray(wanted)
      wanted = 5
      onFrame(frame)
    }
    held = rest.length > 0 ? [rest] : []
    bytes = rest.length
  }
}

/** A thing to do, as the child reads it. */
export function workFrame(work: object): Buffer {
  const body = Buffer.from(JSON.stringify(work))
  const frame = Buffer.allocUnsafe(4 + body.length)
  frame.writeUInt32BE(body.length)
  body.copy(frame, 4)
  return frame
}
