import type { AwsError } from '../../error.ts'
import { AwsError as Refusal } from '../../error.ts'
import type { WireAnswer, WireRequest } from '../../service.ts'
import { errorBody } from './error-body.ts'

/** Which service speaks, for the XML namespace. */
export interface QueryDialect {
  readonly signingName: string
  readonly version: string
}

/**
 * AWS Query (IAM, STS, SNS): `Action=…&Version=…&Tags.member.1.Key=…` in a form body or a query string. Lists
 * (`.member.N`, or flattened `.N`) become arrays, maps (`.entry.N.key`/`.value`, which SNS calls `Name` and `Value` in
 * message attributes) objects; every value is a string, and an empty list, which the protocol writes as `Tags=`, is ''.
 * Throws `MissingAction`.
 */
export function decode(wire: WireRequest): { operation: string; version: string | undefined; input: any } {
  const query = wire.target.indexOf('?')
  // API Gateway asks for the action in the query string, and may send a message along that is no form.
  const isForm = !/json/.test(String(wire.headers['content-type'] ?? ''))
  const parameters = new URLSearchParams([
    ...new URLSearchParams(query < 0 ? '' : wire.target.slice(query + 1)),
    ...new URLSearchParams(isForm ? wire.body.toString() : ''),
  ])
  const operation = parameters.get('Action')
  if (!operation) throw new Refusal('MissingAction', 'Could not find operation name.')
  const version = parameters.get('Version') ?? undefined
  const tree: Branch = new Map()
  for (const [name, value] of parameters) {
    // The signature of a presigned request is no member of its input.
    if (name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-')) {
      plant(tree, name.split('.'), value)
    }
  }
  return { operation, version, input: grown(tree) }
}

type Branch = Map<string, Branch | string>

function plant(tree: Branch, [first, ...rest]: string[], value: string) {
  if (rest.length === 0) {
    tree.set(first!, value)
    return
  }
  const below = tree.get(first!)
  const branch: Branch = below instanceof Map ? below : new Map()
  tree.set(first!, branch)
  plant(branch, rest, value)
}

function grown(node: Branch | string): unknown {
  if (typeof node === 'string') return node
  const names = [...node.keys()]
  const only = names.length === 1 ? node.get(names[0]!) : undefined
  if (names[0] === 'member' && only instanceof Map && isNumbered(only)) return listOf(only)
  if (names[0] === 'entry' && only instanceof Map && isNumbered(only)) {
    return Object.fromEntries(
      listOf(only).map(({ key, value, Name, Value }: any) => [key ?? Name ?? '', value ?? Value]),
    )
  }
  if (names.length > 0 && isNumbered(node)) return listOf(node)
  return Object.fromEntries(names.map(name => [name, grown(node.get(name)!)]))
}

const isNumbered = (node: Branch) => [...node.keys()].every(name => /^\d+$/.test(name))

const listOf = (node: Branch): unknown[] =>
  [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => grown(item))

/** Whether a request wants JSON instead of XML: API Gateway's integrations do. */
export const wantsJson = ({ headers }: WireRequest) => headers.accept === 'application/json'

/**
 * An output as the JSON that the protocol also speaks: `{"PublishResponse":{"PublishResult":{…},"ResponseMetadata":{"RequestId":"…"}}}`.
 * In captures of SNS and SQS members are in the order of their names, and one that is undefined is there as null.
 */
export const encodeJson = (output: unknown, operation: string, requestId: string): WireAnswer =>
  answer(
    200,
    JSON.stringify({
      [`${operation}Response`]: inOrder({
        ...(output !== undefined && { [`${operation}Result`]: output }),
        ResponseMetadata: { RequestId: requestId },
      }),
    }),
    requestId,
    { 'content-type': 'application/json' },
  )

function inOrder(value: unknown): unknown {
  if (value === undefined) return null
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const members = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(
    members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, inOrder(member)]),
  )
}

/** `{"Error":{"Code":"…","Message":"…","Type":"Sender"},"RequestId":"…"}`: what else the XML says of an error is not in it. */
export function encodeErrorJson(error: AwsError, requestId: string): WireAnswer {
  const { writing } = errorBody(error)
  const Type = error.status >= 500 ? 'Receiver' : 'Sender'
  return answer(
    error.status,
    JSON.stringify({ Error: { Code: error.code, Message: error.message, Type }, RequestId: requestId }),
    requestId,
    { ...writing.headers, 'content-type': 'application/json' },
  )
}

/** An output as XML: arrays as `<member>`s, `Map`s as `<entry>`s, Dates in ISO 8601. An operation without output has no result element. */
export function encode(
  output: unknown,
  operation: string,
  dialect: QueryDialect,
  requestId: string,
): WireAnswer {
  const result = output === undefined ? '' : `<${operation}Result>${xmlOf(output)}</${operation}Result>`
  return answer(
    200,
    `<${operation}Response xmlns="${namespace(dialect)}">${result}` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
    requestId,
  )
}

/** `<ErrorResponse><Error><Type>Sender</Type><Code>…</Code><Message>…</Message></Error>…`; Receiver from 500 on. */
export function encodeError(error: AwsError, dialect: QueryDialect, requestId: string): WireAnswer {
  const { writing, body } = errorBody(error)
  const { message: _, Message: __, ...members } = body
  const type = error.status >= 500 ? 'Receiver' : 'Sender'
  return answer(
    error.status,
    `<ErrorResponse xmlns="${namespace(dialect)}"><Error><Type>${type}</Type><Code>${escaped(error.code)}</Code>` +
      `<Message>${escaped(error.message)}</Message>${xmlOf(members)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
    writing.headers,
  )
}

function xmlOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(item => element('member', item)).join('')
  if (value instanceof Map) {
    return [...value]
      .map(([key, item]) => `<entry>${element('key', key)}${element('value', item)}</entry>`)
      .join('')
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join('')
  }
  return escaped(String(value))
}

const element = (name: string, value: unknown) =>
  value === undefined || value === null ? '' : `<${name}>${xmlOf(value)}</${name}>`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

// A bare carriage return would be read as a line feed, and other control characters are not allowed to stand bare.
const escaped = (text: string) =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[&<>"'\u0000-\u0008\u000b-\u001f]/g,
    char => entities[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`,
  )

/** Hosts of the namespaces as AWS writes them; IAM and STS, which came later, have `https:`. */
const namespaces: Readonly<Record<string, string>> = {
  cloudformation: 'http://cloudformation.amazonaws.com',
  sns: 'http://sns.amazonaws.com',
  // Its first name.
  sqs: 'http://queue.amazonaws.com',
}

/** The XML namespace of a service: `https://sts.amazonaws.com/doc/2011-06-15/`. */
export const namespace = ({ signingName, version }: QueryDialect) =>
  `${namespaces[signingName] ?? `https://${signingName}.amazonaws.com`}/doc/${version}/`

const answer = (
  status: number,
  body: string,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, ...headers },
  body,
})
