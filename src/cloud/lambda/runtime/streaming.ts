// Response streaming, as far as a synchronous invocation has it: what a handler writes is its answer, when it is complete.
import { Writable } from 'node:stream'
import type { Handler } from './handler.ts'

const STREAMS = Symbol.for('aws.lambda.runtime.handler.streaming')
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')

/** What stands between an answer's beginning, as JSON, and its body. */
const DELIMITER = Buffer.alloc(8)

class ResponseStream extends Writable {
  readonly chunks: Buffer[] = []
  contentType: string | undefined
  beginning: unknown

  override _write(chunk: Buffer, _encoding: string, done: () => void) {
    this.begin()
    this.chunks.push(Buffer.from(chunk))
    done()
  }

  override _final(done: () => void) {
    this.begin()
    done()
  }

  setContentType(type: string) {
    this.contentType = type
  }

  private begin() {
    if (this.beginning === undefined) return
    this.chunks.push(Buffer.from(JSON.stringify(this.beginning)), DELIMITER)
    this.beginning = undefined
  }
}

/** Puts the global into place that AWS's Node runtime has: `awslambda`. */
export function installAwslambda(): void {
  const streamifyResponse = (handler: any, options?: { highWaterMark?: number }) => {
    handler[STREAMS] = 'response'
    if (typeof options?.highWaterMark === 'number') handler[HIGH_WATER_MARK] = options.highWaterMark
    return handler
  }
  const HttpResponseStream = {
    from(stream: ResponseStream, beginning: unknown) {
      stream.setContentType('application/vnd.awslambda.http-integration-response')
      stream.beginning = beginning
      return stream
    },
  }
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream } })
}

/** A handler that streams, as one that returns what it has written: JSON if it is, else a text. */
export function buffered(handler: Handler): Handler {
  if ((handler as any)[STREAMS] === undefined) return handler
  return async (event, context) => {
    const stream = new ResponseStream()
    const written = new Promise<void>((resolve, reject) =>
      stream.once('finish', resolve).once('error', reject),
    )
    await Promise.race([(handler as any)(event, stream, context), failed(written)])
    await written
    const text = Buffer.concat(stream.chunks).toString()
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
}

/** Settles only when the stream breaks: a handler may go on after its last word. */
const failed = (written: Promise<void>) => new Promise<never>((_, reject) => written.catch(reject))
