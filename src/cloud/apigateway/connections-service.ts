import { AwsError } from '../error.ts'
import { principalName } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { Access, Call, Operation, RestInput, Service, WireAnswer } from '../service.ts'
import { type Connection, hasRoom } from './connection.ts'
import { type Core, executeApiArn } from './core.ts'
import { says } from './error-frame.ts'
import { MAX_MESSAGE_BYTES } from './frame-size.ts'
import { isConnectionId } from './ids.ts'
import { reachStage } from './stage-path.ts'

/** The @connections API: what functions say to connected clients, ask about them, and end with them (facts: E). */
export function connectionsService(core: Core): Service {
  const operation = (
    name: string,
    method: 'POST' | 'GET' | 'DELETE',
    run: (connection: Connection, input: RestInput, call: Call) => WireAnswer,
  ): Operation<RestInput> => ({
    name,
    route: `${method} /:stage/@connections/:connectionId`,
    access(input, call) {
      // A wrong address is Forbidden to everybody, whatever their policies say (facts: E10).
      const { apiId, stage } = addressed(core, input, call)
      const resource = `${stage}/${method}/@connections/${input.params.connectionId}`
      return [
        { action: 'execute-api:ManageConnections', resource: executeApiArn(core.account, apiId, resource) },
      ]
    },
    run(input, call) {
      const { apiId, stage } = addressed(core, input, call)
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
    operations: [
      operation('PostToConnection', 'POST', (connection, { body }, call) => {
        if (!hasRoom(connection, body.length)) {
          throw new AwsError('LimitExceededException', 'The WebSocket client side buffer is full', 429)
        }
        // Always text, whatever was posted (facts: C24); bytes that are none are replaced (assumed).
        core.send(connection, body.toString('utf8'))
        return answer(core, call, 200)
      }),
      operation('GetConnection', 'GET', (connection, _, call) =>
        answer(core, call, 200, describe(connection)),
      ),
      operation('DeleteConnection', 'DELETE', (connection, _, call) => {
        core.hangUp(connection, 1000, 'Connection Closed Normally')
        return answer(core, call, 204)
      }),
    ],
    denied,
    unrouted: () => new AwsError('ForbiddenException', says.forbidden, 403),
  }
}

/** Which API and stage a request is for (facts: E10, E17). Throws `ForbiddenException`. */
function addressed(core: Core, { params }: RestInput, { wire }: Call) {
  const apiId = wire.host.slice(0, wire.host.indexOf('.'))
  const api = core.apis.get(apiId)
  const reached = api ? reachStage(api, params.stage ?? '') : 'no API'
  if (typeof reached === 'string') throw new AwsError('ForbiddenException', says.forbidden, 403)
  return { apiId, stage: reached.stage.stageName }
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

/** Whoever is not there any more, or never was: no body, only a header (facts: E5, E26). */
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
