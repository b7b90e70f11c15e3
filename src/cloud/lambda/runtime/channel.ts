// The child's side of two pipes: 3, on which it is told what to do, and 4, on which it answers. Both are read and
// written synchronously. A child that waits for work therefore stands still altogether, timers and sockets
// included, as an instance does on AWS between two invocations; and what it writes before it exits arrives.
import { readSync, writeSync } from 'node:fs'

const IN = 3
const OUT = 4

/** What a frame says: standing still · ready · result · error · error, and I am going · line of log · lines left out · memory and time. */
export type FrameType = 'S' | 'I' | 'R' | 'E' | 'F' | 'L' | 'D' | 'M'

/** Waits, standing still, for the next thing to do. Ends the process when the other side is gone. */
export function receive(): any {
  const length = read(4).readUInt32BE()
  return JSON.parse(read(length).toString())
}

/** Writes frames, all in one go: a type, a length, a text. */
export function send(...frames: readonly (readonly [FrameType, string])[]) {
  const parts: Buffer[] = []
  for (const [type, text] of frames) {
    const body = Buffer.from(text)
    const head = Buffer.allocUnsafe(5)
    head.write(type, 'latin1')
    head.writeUInt32BE(body.length, 1)
    parts.push(head, body)
  }
  const bytes = Buffer.concat(parts)
  for (let at = 0; at < bytes.length; ) at += write(bytes, at)
}

/** What has been read and not been asked for yet: length and body of a thing to do mostly come together. */
let held: Buffer = Buffer.alloc(0)
const chunk = Buffer.alloc(64 * 1024)

function read(length: number): Buffer {
  const parts: Buffer[] = [held]
  let there = held.length
  while (there < length) {
    const more = readMore()
    parts.push(more)
    there += more.length
  }
  const all = parts.length === 1 ? held : Buffer.concat(parts)
  held = all.subarray(length)
  return all.subarray(0, length)
}

/** Waits for as much as there is. */
function readMore(): Buffer {
  for (;;) {
    let got = 0
    try {
      got = readSync(IN, chunk, 0, chunk.length, null)
    } catch (error) {
      if (isBusy(error)) continue
      // On Windows a closed pipe is an error, elsewhere nothing to read.
    }
    if (got === 0) process.exit(0)
    return Buffer.from(chunk.subarray(0, got))
  }
}

function write(bytes: Buffer, at: number): number {
  try {
    return writeSync(OUT, bytes, at)
  } catch (error) {
    if (isBusy(error)) return 0
    process.exit(0)
  }
}

const isBusy = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EAGAIN'
