import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request that cannot be done now. Its message is what the page shows. */
export class Refusal extends Error {
  readonly status: number
  constructor(message: string, status = 409) {
    super(message)
    this.status = status
  }
}

/** The most bytes that a page sends at once. */
const MOST_BYTES = 1024 * 1024

/** What every answer carries: no other site may frame, read or guess it, and the page loads nothing from elsewhere. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** Begins an answer. */
export function begin(response: ServerResponse, status: number, type: string): ServerResponse {
  return response.writeHead(status, { ...HEADERS, 'content-type': type })
}

/** Answers with JSON. */
export const sendJson = (response: ServerResponse, value: unknown, status = 200): void =>
  void begin(response, status, 'application/json; charset=utf-8').end(JSON.stringify(value ?? null))

/** Reads a JSON body. Throws `Refusal` for one that is too long or no JSON object. */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new Refusal('This is more than the workbench takes at once.', 413)
    chunks.push(chunk)
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {}
  throw new Refusal('The workbench takes JSON objects only.', 400)
}
