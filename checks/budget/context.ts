import type { Scene } from '#kit'
import type { Role } from './role.ts'
import type { Statement } from './statement.ts'
import { example, many } from './wildcards.ts'

/** A condition key's value, and its type as the simulator wants it. */
export interface Value {
  readonly type: 'string' | 'stringList' | 'boolean' | 'numeric' | 'ip' | 'date'
  readonly values: readonly string[]
}

/** What a request says of itself, by condition key. */
export type Context = Readonly<Record<string, Value>>

/** The condition keys of a request that a function with this role really makes. */
export function realContext(scene: Scene, role: Role, now = new Date()): Context {
  const string = (value: string): Value => ({ type: 'string', values: [value] })
  const no: Value = { type: 'boolean', values: ['false'] }
  return {
    'aws:CurrentTime': { type: 'date', values: [now.toISOString()] },
    'aws:EpochTime': { type: 'numeric', values: [String(Math.floor(now.getTime() / 1000))] },
    'aws:PrincipalAccount': string(scene.accountId),
    'aws:PrincipalArn': string(role.arn),
    'aws:PrincipalIsAWSService': no,
    'aws:PrincipalType': string('AssumedRole'),
    'aws:RequestedRegion': string(scene.region),
    'aws:ResourceAccount': string(scene.accountId),
    'aws:SecureTransport': { type: 'boolean', values: ['true'] },
    // An address for documentation: those of Lambda are anybody's.
    'aws:SourceIp': { type: 'ip', values: ['198.51.100.7'] },
    'aws:ViaAWSService': no,
    'aws:userid': string(`${role.id}:function`),
    ...(role.functionArn === undefined ? {} : { 'lambda:SourceFunctionArn': string(role.functionArn) }),
    ...Object.fromEntries(
      Object.entries(role.tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, string(value)]),
    ),
  }
}

/** What the one who asks cannot choose: who they are, what time it is, and who called on their behalf. */
const GIVEN =
  /^aws:(principal|currenttime|epochtime|userid|username|viaawsservice|calledvia|multifactorauth|resourceaccount|federated|tokenissue|assumedroot)/i

/**
 * The context in which a statement would hold, as far as a request can bring that about: a function may call any region, by any
 * agent, for any row, and resources may be tagged by anybody. Undefined where the statement has no such condition.
 */
export function contextFor({ Condition }: Statement, real: Context): Context | undefined {
  const chosen: Record<string, Value> = {}
  for (const [operator, keys] of Object.entries(Condition ?? {})) {
    for (const [key, values] of Object.entries(keys)) {
      if (GIVEN.test(key)) continue
      const value = satisfying(operator, many(values).map(String))
      const known = Object.keys(real).find(one => one.toLowerCase() === key.toLowerCase()) ?? key
      if (value) chosen[known] = value
    }
  }
  return Object.keys(chosen).length === 0 ? undefined : { ...real, ...chosen }
}

/** A value with which a condition holds; undefined where it holds without one. */
function satisfying(operator: string, wanted: readonly string[]): Value | undefined {
  const isList = /^For(All|Any)Value/i.test(operator)
  const kind = operator.replace(/^For(All|Any)Values?:/i, '').replace(/IfExists$/i, '')
  const [first = ''] = wanted
  const text = (value: string): Value => ({ type: isList ? 'stringList' : 'string', values: [value] })
  if (/^Null$/i.test(kind)) return first === 'false' ? text('x') : undefined
  if (/^Bool$/i.test(kind)) return { type: 'boolean', values: [first] }
  if (/^NotIpAddress$/i.test(kind)) return undefined
  if (/^IpAddress$/i.test(kind)) return { type: 'ip', values: [first.split('/')[0] ?? ''] }
  if (/^Numeric/i.test(kind)) return { type: 'numeric', values: [String(numberFor(kind, Number(first)))] }
  if (/^Date/i.test(kind)) return { type: 'date', values: [dateFor(kind, first)] }
  if (/Not/i.test(kind)) return text('another')
  return text(/Like|Arn/i.test(kind) ? example(first, 'another') : first)
}

const numberFor = (kind: string, limit: number): number =>
  /LessThan$/i.test(kind) ? limit - 1 : /GreaterThan$|NotEquals$/i.test(kind) ? limit + 1 : limit

function dateFor(kind: string, limit: string): string {
  const at = Date.parse(limit)
  if (Number.isNaN(at)) return limit
  return new Date(numberFor(kind.replace('Date', 'Numeric'), at / 1000) * 1000).toISOString()
}
