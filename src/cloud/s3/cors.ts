import { allIn, textIn, type XmlElement } from '../door/protocols/xml.ts'
import { AwsError } from '../error.ts'
import type { WireAnswer, WireRequest } from '../service.ts'
import type { Bucket } from './bucket.ts'
import { malformedXml } from './errors.ts'

/** The methods that a rule may allow. */
const METHODS: readonly string[] = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']

/** Throws `MalformedXML` and `InvalidRequest`. */
export function checkCors(document: XmlElement): void {
  const rules = allIn(document, 'CORSRule')
  if (rules.length === 0 || rules.length > 100) throw malformedXml()
  for (const rule of rules) {
    const methods = textsIn(rule, 'AllowedMethod')
    if (methods.length === 0 || textsIn(rule, 'AllowedOrigin').length === 0) throw malformedXml()
    const unknown = methods.find(method => !METHODS.includes(method))
    if (unknown !== undefined) {
      throw new AwsError(
        'InvalidRequest',
        `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
      )
    }
  }
}

/** Answers a browser that asks before it sends: the first rule of the bucket that fits decides. */
export function answerPreflight(bucket: Bucket, wire: WireRequest): WireAnswer {
  const method = headerOf(wire, 'access-control-request-method') ?? ''
  const wanted = (headerOf(wire, 'access-control-request-headers') ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(Boolean)
  const found = ruleFor(bucket, wire, method, wanted)
  if (!found) {
    const isOff = !bucket.settings.has('cors')
    return forbidden(
      isOff
        ? 'CORSResponse: CORS is not enabled for this bucket.'
        : "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    )
  }
  const age = textIn(found, 'MaxAgeSeconds')
  return {
    status: 200,
    headers: {
      ...originHeaders(found, wire),
      'access-control-allow-methods': textsIn(found, 'AllowedMethod').join(', '),
      ...(wanted.length > 0 ? { 'access-control-allow-headers': wanted.join(', ') } : {}),
      ...(age === undefined ? {} : { 'access-control-max-age': age }),
    },
    body: '',
  }
}

/** The headers of an answer to a page from elsewhere; none when no rule fits. */
export function corsHeaders(bucket: Bucket, wire: WireRequest): Readonly<Record<string, string>> {
  if (headerOf(wire, 'origin') === undefined) return {}
  const found = ruleFor(bucket, wire, wire.method, [])
  return found ? originHeaders(found, wire) : {}
}

function ruleFor(
  { settings }: Bucket,
  wire: WireRequest,
  method: string,
  wanted: readonly string[],
): XmlElement | undefined {
  const origin = headerOf(wire, 'origin') ?? ''
  return allIn(settings.get('cors'), 'CORSRule').find(
    rule =>
      textsIn(rule, 'AllowedOrigin').some(one => fits(one, origin)) &&
      textsIn(rule, 'AllowedMethod').includes(method) &&
      wanted.every(name => textsIn(rule, 'AllowedHeader').some(one => fits(one.toLowerCase(), name))),
  )
}

function originHeaders(rule: XmlElement, wire: WireRequest): Record<string, string> {
  const exposed = textsIn(rule, 'ExposeHeader')
  const isForAll = textsIn(rule, 'AllowedOrigin').includes('*')
  return {
    'access-control-allow-origin': isForAll ? '*' : headerOf(wire, 'origin')!,
    ...(isForAll ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(exposed.length > 0 ? { 'access-control-expose-headers': exposed.join(', ') } : {}),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
}

/** One star stands for any text. */
function fits(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return pattern === text
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}

const textsIn = (element: XmlElement, name: string) => allIn(element, name).map(({ text }) => text)

function headerOf({ headers }: WireRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

const forbidden = (message: string): WireAnswer => ({
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessForbidden</Code><Message>${message.replaceAll("'", '&apos;')}</Message></Error>`,
})
