import { AwsError } from '../../error.ts'
import { principalName } from '../../iam/denial.ts'
import type { Decision } from '../../iam/policy.ts'
import type { Access, Call, Operation, RestInput, Service, WireAnswer, WireRequest } from '../../service.ts'
import { type Core, executeApiArn } from '../core.ts'
import { isConnectionId } from '../ids.ts'
import { says } from '../messages/error-frame.ts'
import { locate } from '../stage-path.ts'
import { type Connection, hasRoom } from './connection.ts'
import { MAX_MESSAGE_BYTES } from './frame-size.ts'

/** The @connections API: what functions say to connected clients, ask about them, and end with them (facts: E). */
export function connectionsService(core: Core): Service {
  const operation = (
    name: string,
    method: Method,
    path: (typeof PATHS)[number],
    run: (connection: Connection, input: RestInput, call: Call) => WireAnswer,
  ): Operation<RestInput> => ({
    name,
    route: `${method} ${path}`,
    access(input, call) {
      // A wrong address is refused to everybody, whatever their policies say (facts: E10).
      const { apiId, stage } = addressed(core, call.wire)
      const resource = `${stage}/${method}/@connections/${input.params.connectionId}`
      return [
        { action: 'execute-api:ManageConnections', resource: executeApiArn(core.account, apiId, resource) },
      ]
    },
    run(input, call) {
      const { apiId, stage } = addressed(core, call.wire)
      if (!core.maySpend()) throw new AwsError('LimitExceededException', 'Too Many Requests', 429)
      const { connectionId = '' } = input.params
      if (!isConnectionId(connectionId)) {
        throw new AwsError('BadRequestException', `Invalid connectionId: ${connectionId}`)
      }
      if (method === 'POST' && input.body.length > MAX_MESSAGE_BYTES) {
        throw new AwsError('PayloadTooLargeException', 'Message too large', 413)
      }
      const connection = core.connections.get(connectionId)
      if (connection?.apiId !== apiId || connection.stage !== stage) return gone(core, call)
      return run(connection, input, call)
    },
  })

  return {
    signingName: 'execute-api',
    protocol: 'rest-json',
    operations: PATHS.flatMap(path => [
      operation('PostToConnection', 'POST', path, (connection, { body }, call) => {
        if (!hasRoom(connection, body.length)) {
          throw new AwsError('LimitExceededException', 'The WebSocket client side buffer is full', 429)
        }
        // Always text, whatever was posted (facts: C24); bytes that are none are replaced (assumed).
        core.send(connection, body.toString('utf8'))
        return answer(core, call, 200)
      }),
      operation('GetConnection', 'GET', path, (connection, _, call) =>
        answer(core, call, 200, describe(connection)),
      ),
      operation('DeleteConnection', 'DELETE', path, (connection, _, call) => {
        core.hangUp(connection, 1000, 'Connection Closed Normally')
        return answer(core, call, 204)
      }),
    ]),
    denied,
    unrouted: wire => misaddressed(core, wire),
  }
}

type Method = 'POST' | 'GET' | 'DELETE'

/** Behind a stage or a mapping key, and on a custom domain whose mapping has none (facts: E1, E18). */
const PATHS = ['/:base/@connections/:connectionId', '/@connections/:connectionId'] as const

/** Which API and stage a request is for. Throws what `misaddressed` says. */
function addressed(core: Core, wire: WireRequest) {
  const located = locate(core, wire.host, pathOf(wire))
  if (typeof located === 'string' || !/^(@|%40)connections\/[^/]+$/i.test(located.rest)) {
    throw misaddressed(core, wire)
  }
  return { apiId: located.api.apiId, stage: located.stage.stageName }
}

/**
 * What a request with a wrong address is told. An API's own host forbids it (facts: E10, E17); a custom domain says that there is no
 * such route, where it has a mapping to look behind: the stage is in the mapping already (facts: E18, I10).
 */
function misaddressed(core: Core, wire: WireRequest): AwsError {
  const located = core.domains.has(wire.host) && locate(core, wire.host, pathOf(wire))
  if (!located || typeof located === 'string') return new AwsError('ForbiddenException', says.forbidden, 403)
  const message = `No method found matching route ${decoded(located.rest)} for http method ${wire.method}.`
  return new AwsError('NotFoundException', message, 404)
}

const pathOf = ({ target }: WireRequest) => target.split('?')[0] ?? ''

/** Text that is not validly encoded stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return text
  }
}

/** AWS's words: the account number masked, and the literal `{connectionId}` (facts: E11); no reason after it (E12). */
function denied({ action, resource }: Access, decision: Decision, { principal }: Call): AwsError {
  const masked = resource
    .replace(/:\d{8}(\d{4}):/, ':********$1:')
    .replace(/@connections\/.*$/s, '@connections/{connectionId}')
  const explicitly = !decision.allowed && decision.deny === 'explicit' ? ' with an explicit deny' : ''
  return new AwsError(
    'AccessDeniedException',
    `User: ${principalName(principal)} is not authorized to perform: ${action} on resource: ${masked}${explicitly}`,
    403,
  )
}

/** Pretty-printed with a space on either side of the colons (facts: E4). */
const describe = ({ peer, lastActiveAt }: Connection) => `{
  "identity" : {
    "sourceIp" : ${JSON.stringify(peer.sourceIp)},
    "userAgent" : ${JSON.stringify(peer.userAgent ?? null)}
  },
  "connectedAt" : "${new Date(peer.connectedAt).toISOString()}",
  "lastActiveAt" : "${new Date(lastActiveAt).toISOString()}"
}`

/** A connection that no longer exists, or never did: no body, only a header (facts: E5, E26). */
const gone = (core: Core, call: Call): WireAnswer => {
  const { status, headers, body } = answer(core, call, 410)
  return { status, headers: { ...headers, 'x-amzn-ErrorType': 'GoneException' }, body }
}

const answer = (core: Core, { requestId }: Call, status: number, body = ''): WireAnswer => ({
  status,
  headers: {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amz-apigw-id': core.ids.request(),
    'x-amzn-trace-id': core.ids.trace(core.clock.now()),
  },
  body,
})
