import http from 'node:http'
import https from 'node:https'

/** `refused` is for good: AWS tries again what an endpoint may yet take, and nothing else. */
export type Outcome = 'taken' | 'refused' | 'try again'

/** How long SNS waits for an endpoint, in milliseconds of real time. */
const TIMEOUT = 15_000

/**
 * Sends one message to an endpoint, with the headers that AWS sends. Status 2xx is taken; 429, 5xx, silence and a
 * connection that fails are tried again; anything else is refused. Redirects are not followed.
 */
export function post(
  endpoint: string,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Outcome> {
  const { request } = endpoint.startsWith('https:') ? https : http
  return new Promise(resolve => {
    const sent = request(endpoint, {
      method: 'POST',
      headers: {
        ...headers,
        'Content-Length': Buffer.byteLength(body),
        Connection: 'close',
        'User-Agent': 'Amazon Simple Notification Service Agent',
        'Accept-Encoding': 'gzip,deflate',
      },
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    })
    sent.on('response', response => {
      // The status says it all; the rest is ignored, whether it comes to an end or not.
      response.on('error', () => {}).resume()
      resolve(outcomeOf(response.statusCode ?? 0))
    })
    sent.on('error', () => resolve(signal.aborted ? 'refused' : 'try again'))
    sent.end(body)
  })
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'taken'
  return status === 429 || status >= 500 ? 'try again' : 'refused'
}
