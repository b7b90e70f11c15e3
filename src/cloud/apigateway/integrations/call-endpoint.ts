import http from 'node:http'
import https from 'node:https'
import { AwsError } from '../../error.ts'
import type { EndpointRequest, EndpointResponse } from '../logs/trace.ts'

/** API Gateway's quota on a payload, in bytes. */
const MAX_BYTES = 10 * 1024 * 1024
/** A second more than any integration may take, by real time: when nobody's clock runs any more, nothing is to be left hanging. In milliseconds. */
const AT_LAST = 30_000

/**
 * Sends a request over HTTP or HTTPS and waits for the whole answer. Redirects are not followed.
 * Throws in the words of AWS's execution log: an `AwsError` for an address or a certificate that is no good, an `Error` for a broken connection.
 */
export async function callEndpoint(request: EndpointRequest, signal: AbortSignal): Promise<EndpointResponse> {
  try {
    return await attempt(request, signal)
  } catch (error) {
    if (!isStale(error)) throw worded(error)
    return await attempt(request, signal).catch(again => {
      throw worded(again)
    })
  }
}

function attempt({ method, uri, headers, body }: EndpointRequest, signal: AbortSignal) {
  const url = new URL(uri)
  return new Promise<EndpointResponse>((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http).request(url, { method, signal })
    const names = new Map(headers.map(([name]) => [name.toLowerCase(), name]))
    for (const [lower, name] of names) {
      const values = headers.flatMap(([one, value]) => (one.toLowerCase() === lower ? [value] : []))
      sent.setHeader(name, values.length === 1 ? values[0]! : values)
    }
    sent.setHeader('Content-Length', body.length)
    sent.setTimeout(AT_LAST, () => sent.destroy())
    sent.on('error', error => reject(Object.assign(error, { reused: sent.reusedSocket })))
    sent.on('response', answer => read(answer).then(resolve, reject))
    sent.end(body)
  })
}

async function read(answer: http.IncomingMessage): Promise<EndpointResponse> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_BYTES) {
      answer.destroy()
      throw new AwsError(
        'InternalServerErrorException',
        `Integration response of reported length ${bytes} is larger than allowed ${MAX_BYTES} bytes.`,
        500,
      )
    }
  }
  const headers: Record<string, string[]> = {}
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at]!.toLowerCase()
    headers[name] = [...(headers[name] ?? []), answer.rawHeaders[at + 1]!]
  }
  return { status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) }
}

/** The backend had closed a connection that was kept for reuse: the request never reached it. */
const isStale = (error: unknown) => {
  const { code, reused } = error as { code?: string; reused?: boolean }
  return reused === true && (code === 'ECONNRESET' || code === 'EPIPE')
}

function worded(error: unknown): Error {
  if (error instanceof AwsError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new AwsError('InternalServerErrorException', 'Invalid endpoint address', 500)
  }
  if (/^(ERR_TLS|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME)/.test(code)) {
    return new AwsError('InternalServerErrorException', message, 500)
  }
  return new Error('Execution failed due to a network error communicating with endpoint')
}
