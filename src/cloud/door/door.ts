import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { principalName } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal } from '../iam/principal.ts'
import { isLack } from '../lack.ts'
import type { Access, Call, CallAs, Operation, Service, WireAnswer, WireRequest } from '../service.ts'
import { isWireAnswer } from '../service.ts'
import { type KnownKey, verify } from '../signature/verify.ts'
import { askedFor } from './asked-for.ts'
import { NoSuchOperation } from './no-such-operation.ts'
import { noSuchService } from './no-such-service.ts'
import { type Protocol, protocols } from './protocol.ts'
import { serviceOf, signedFor } from './service-of.ts'
import { readWire, writeWire } from './wire.ts'

/** What the door needs to know of the house behind it. */
export interface Behind {
  readonly account: Account
  readonly services: readonly Service[]
  findKey(accessKeyId: string): KnownKey | undefined
  /** Milliseconds since the epoch by the cloud's clock, by which functions sign. */
  now?(): number
  /** Asks IAM, and has the answer told to whoever watches. */
  authorize(
    principal: Principal,
    access: Access,
    request: { readonly sourceIp: string; readonly userAgent?: string },
  ): Decision
  /** Asked before anything is run that was allowed. Resolves when it may be; undefined: at once. */
  beforeCall?(principal: Principal, accesses: readonly Access[]): Promise<void> | undefined
  /** The signing name of the service that a host stands for which is none of AWS's own: a custom domain. */
  serviceAt?(host: string): string | undefined
  /** Answers what anybody may ask without a signature; undefined for everything else. */
  withoutSignature(wire: WireRequest): Promise<WireAnswer> | WireAnswer | undefined
  /** What happens, and why. Without it nobody watches. */
  readonly events?: Pick<Events, 'emit' | 'causing'>
  /** The event that a request's trace header stands for, if it is known. */
  causeOf?(traceHeader: string): number | undefined
  /** An error that is no answer of AWS's: our own fault. */
  onFault(error: unknown): void
  /** Something was asked for that AWS may have and this cloud has not, or that failed here by our own fault. */
  onLack?(what: string): void
}

/** The one way in: whoever calls an AWS API is identified, asked about, and only then served. */
export interface Door {
  /** Serves an HTTP request. `host` is the AWS host that a port of its own stands for. */
  serve(request: IncomingMessage, response: ServerResponse, host?: string): Promise<void>
  /** Serves a call from within: for API Gateway, which calls SQS with the credentials of an integration. */
  readonly callAs: CallAs
}

/** Builds the door. */
export function buildDoor(behind: Behind): Door {
  return {
    callAs: (principal, signingName, wire) => answer(wire, signingName, () => principal, behind),
    async serve(request, response, host) {
      try {
        const wire = await readWire(request, host)
        const cause = behind.causeOf?.(String(wire.headers['x-amzn-trace-id'] ?? ''))
        // A connection is kept for many requests: none of them is caused by what opened it.
        const answered = () => answerAnybody(wire, behind)
        writeWire(response, await (behind.events?.causing(cause, answered) ?? answered()))
      } catch (error) {
        // Too large to be read: refused before anybody knows which service it was for.
        if (error instanceof AwsError) return writeWire(response, refusedUnread(error))
        // The caller went away in the middle of a request: there is nobody to answer.
        if (!response.headersSent && !response.destroyed) response.destroy()
        if (!request.destroyed) behind.onFault(error)
      }
    },
  }
}

async function answerAnybody(wire: WireRequest, behind: Behind): Promise<WireAnswer> {
  const free = await behind.withoutSignature(wire)
  if (free) return free
  const identify = (service: Service) =>
    isUnsigned(wire, service) || (service.anonymous && signedFor(wire) === undefined)
      ? NOBODY
      : verify(
          wire,
          behind.findKey,
          Date.now,
          service.protocol,
          regionOf(service, behind.account),
          behind.now,
        ).principal
  // A page cannot sign, and knows the door by its own address: what it calls tells which service it means.
  const serviceAt = (host: string) =>
    behind.serviceAt?.(host) ?? behind.services.find(service => isMeant(wire, service))?.signingName
  return answer(wire, serviceOf(wire, behind.account, serviceAt), identify, behind)
}

async function answer(
  wire: WireRequest,
  signingName: string,
  identify: (service: Service) => Principal,
  behind: Behind,
): Promise<WireAnswer> {
  const requestId = randomUUID()
  const speakers = behind.services.filter(one => one.signingName === signingName)
  // Two services may share a signing name and a protocol: the target tells DynamoDB Streams from DynamoDB.
  const spoken = speakers.filter(one => protocols[one.protocol].isSpoken(wire))
  const service = spoken.find(one => isMeant(wire, one)) ?? spoken[0] ?? speakers[0]
  if (!service) {
    behind.onLack?.(`${signingName}: ${askedFor(wire, signingName)}`)
    return noSuchService(wire, signingName, requestId)
  }

  const protocol = protocols[service.protocol]
  try {
    const call: Call = { principal: identify(service), requestId, account: behind.account, wire }
    return withHeaders(service, await carryOut(service, protocol, call, behind))
  } catch (error) {
    const refuse = (refusal: AwsError) =>
      withHeaders(service, protocol.refuse(refusal, service, requestId, wire))
    if (!(error instanceof AwsError) || isLack(error)) {
      const { message } = error instanceof Error ? error : { message: String(error) }
      const more = message && !(error instanceof NoSuchOperation) ? ` (${message})` : ''
      behind.onLack?.(`${signingName}: ${askedFor(wire, signingName)}${more}`)
    }
    if (error instanceof AwsError) return refuse(error)
    behind.onFault(error)
    const message = `The local cloud failed: ${error instanceof Error ? error.message : error}`
    // A 4xx, because clients try a 5xx again and again.
    return refuse(new AwsError('LocalCloudFailure', message, 400))
  }
}

const withHeaders = ({ headers }: Service, answer: WireAnswer): WireAnswer =>
  headers ? { ...answer, headers: { ...answer.headers, ...headers } } : answer

/** Whoever calls an operation that is not signed. IAM is not asked about them, and would let them do nothing. */
const NOBODY: Principal = { kind: 'service', service: 'anonymous' }

const isMeant = ({ headers }: WireRequest, { targetPrefix }: Service): boolean =>
  targetPrefix !== undefined && String(headers['x-amz-target']).startsWith(`${targetPrefix}.`)

/** Whether a request is for one of the operations that AWS lets anybody call. */
const isUnsigned = ({ headers }: WireRequest, { targetPrefix, operations }: Service): boolean =>
  targetPrefix !== undefined &&
  operations.some(one => one.unsigned && headers['x-amz-target'] === `${targetPrefix}.${one.name}`)

async function carryOut(
  service: Service,
  protocol: Protocol,
  call: Call,
  behind: Behind,
): Promise<WireAnswer> {
  const { operation, input } = protocol.hear(call.wire, service)
  const accesses = [...operation.access(input, call)]
  const run = () => allowed(service, protocol, operation, input, accesses, call, behind)
  return behind.events ? watched(behind.events, service, operation.name, accesses, call, run) : run()
}

/** Tells of a call and of its answer. What happens between them is caused by the call. */
async function watched(
  events: NonNullable<Behind['events']>,
  { signingName }: Service,
  operation: string,
  [first]: readonly Access[],
  { principal }: Call,
  run: () => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const began = performance.now()
  const what = { service: signingName, operation }
  const call = events.emit({
    kind: 'call',
    ...what,
    principal: principalName(principal),
    ...(first && { resource: first.resource }),
  })
  const answered = (status: number, because?: string) =>
    events.emit(
      { kind: 'answer', ...what, status, ms: performance.now() - began, ...(because && { because }) },
      call,
    )
  try {
    const answer = await events.causing(call, run)
    answered(answer.status)
    return answer
  } catch (error) {
    if (error instanceof AwsError) answered(error.status, `${error.code}: ${error.message}`)
    else answered(500, String(error))
    throw error
  }
}

/** Asks IAM for everything that the operation needs, then runs it. */
async function allowed(
  service: Service,
  protocol: Protocol,
  operation: Operation,
  input: unknown,
  accesses: readonly Access[],
  call: Call,
  behind: Behind,
): Promise<WireAnswer> {
  const { sourceIp, headers } = call.wire
  const from = { sourceIp, userAgent: String(headers['user-agent'] ?? '') }
  for (const access of accesses) {
    const decision = behind.authorize(call.principal, access, from)
    if (!decision.allowed) throw service.denied(access, decision, call)
  }
  const held = behind.beforeCall?.(call.principal, accesses)
  if (held) await held
  const output = await operation.run(input, call)
  return isWireAnswer(output)
    ? output
    : protocol.answer(output, operation, service, call.requestId, call.wire)
}

/** A signature is good for one region. IAM and STS are global, and sign for wherever the client thinks it is. */
const regionOf = ({ signingName }: Service, { region }: Account): string | undefined =>
  signingName === 'iam' || signingName === 'sts' ? undefined : region

/** A refusal that every kind of client can read: the code is in the header, the status says the rest. The connection ends with it. */
const refusedUnread = ({ status, code, message }: AwsError): WireAnswer =>
  code === 'EntityTooLarge'
    ? {
        status,
        headers: { 'content-type': 'application/xml', connection: 'close' },
        body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
      }
    : {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code, connection: 'close' },
        body: JSON.stringify({ __type: code, message }),
      }
