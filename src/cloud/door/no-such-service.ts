import type { WireAnswer, WireRequest } from '../service.ts'

/**
 * The answer for a service that this cloud does not have. It names it, in each of the encodings that AWS clients
 * read, by what the request looks like. Nothing is passed on to the internet.
 */
export function noSuchService(wire: WireRequest, name: string, requestId: string): WireAnswer {
  const message = `The local cloud has no service "${name}" (${wire.host}). Nothing was sent to AWS.`
  const code = 'ServiceNotInLocalCloud'
  const headers = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': code }
  if (wire.headers['content-type']?.toString().startsWith('application/x-www-form-urlencoded')) {
    const error = `<Code>${code}</Code><Message>${escaped(message)}</Message>`
    const body = `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
    return { status: 400, headers: { ...headers, 'content-type': 'text/xml' }, body }
  }
  return {
    status: 400,
    headers: { ...headers, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ __type: code, message }),
  }
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
