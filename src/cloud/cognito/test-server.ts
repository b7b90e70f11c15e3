// For tests alone: Cognito behind a door at port 0, with IAM and logs as in the cloud, and clients that speak the protocol by hand.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignatureV4 } from '@smithy/signature-v4'
import { defaultAccount } from '../account.ts'
import { type Clock, movableClock } from '../clock.ts'
import { buildDoor } from '../door/door.ts'
import { eventStream } from '../events.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import { startIam } from '../iam/roles.ts'
import type { InvokeFunction } from '../lambda/invoke.ts'
import { startLogs } from '../logs/logs.ts'
import { startSts } from '../sts/sessions.ts'
import type { Credentials } from '../sts/sts.ts'
import { type Cognito, startCognito } from './cognito.ts'
import { makeKeys } from './keys.ts'
import { Sha256 } from './test-sha256.ts'

/** A request. */
export interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: any
}

/** A Cognito to try things on. */
export interface Trial {
  readonly cognito: Cognito
  readonly clock: Clock
  readonly endpoint: string
  readonly faults: readonly unknown[]
  readonly learner: Credentials
  /** Keys of somebody who may do what this policy says. */
  somebody(policy?: PolicyDocument): Credentials
  /** Calls an operation without a signature, at Cognito's own host; throws what it is refused with. */
  open(name: string, input?: object): Promise<any>
  /** The same with the learner's signature, or with somebody else's. */
  signed(name: string, input?: object, credentials?: Credentials): Promise<any>
  /** Sends a request as it is. */
  send(asked: Asked): Promise<Reply>
  /** Makes a pool and a client. */
  pool(pool?: object, client?: object): Promise<{ poolId: string; clientId: string; secret: string }>
  /** What was sent to the users of a pool, oldest first. */
  letters(poolId: string): readonly any[]
  stop(): Promise<void>
}

export const HOST = 'cognito-idp.us-east-1.amazonaws.com'
export const PASSWORD = 'Correct-horse-1'

/** Everything that a client may be allowed to do here. */
export const ALL_FLOWS = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
]

const noFunctions: InvokeFunction = async ({ functionName }) => {
  throw new Error(`There is no function ${functionName}.`)
}

/** Made once for all pools of a file: they take a while. */
const keys = makeKeys()

/** Starts Cognito behind port 0. The clock stands still unless a test moves it. */
export async function startTrial(account = defaultAccount, invoke = noFunctions): Promise<Trial> {
  const start = Date.now()
  const clock = movableClock(() => start)
  const events = eventStream(clock.now)
  const iam = startIam({ account, events, now: clock.now })
  const sts = startSts({ account, iam, now: Date.now })
  const logs = startLogs({ account, clock, events })
  const cognito = startCognito({ account, clock, logs, invoke, makeKeys: () => keys })
  const faults: unknown[] = []
  const door = buildDoor({
    account,
    services: [cognito.service],
    findKey: sts.find,
    authorize: iam.authorize,
    withoutSignature: cognito.withoutSignature,
    onFault: fault => faults.push(fault),
  })
  const server = createServer((request, response) => void door.serve(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let roles = 0

  const trial: Trial = {
    cognito,
    clock,
    endpoint,
    faults,
    learner: sts.learner,
    somebody(policy) {
      const role = iam.createRole({
        name: `somebody-${roles++}`,
        trust: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      })
      if (policy) iam.putInlinePolicy(role, 'only', policy)
      return sts.issue(role.arn, 'session')
    },
    send: asked => send(endpoint, asked),
    open: async (name, input = {}) =>
      outcome(await trial.send({ headers: { ...target(name), host: HOST }, body: JSON.stringify(input) })),
    async signed(name, input = {}, credentials = sts.learner) {
      const body = JSON.stringify(input)
      const signer = new SignatureV4({
        credentials,
        region: account.region,
        service: 'cognito-idp',
        sha256: Sha256,
      })
      const { headers } = await signer.sign({
        method: 'POST',
        protocol: 'https:',
        hostname: HOST,
        path: '/',
        headers: { ...target(name), host: HOST },
        body,
      })
      return outcome(await trial.send({ headers, body }))
    },
    async pool(pool = {}, client = {}) {
      const { UserPool } = await trial.signed('CreateUserPool', { PoolName: 'People', ...pool })
      const { UserPoolClient } = await trial.signed('CreateUserPoolClient', {
        UserPoolId: UserPool.Id,
        ClientName: 'Page',
        ExplicitAuthFlows: ALL_FLOWS,
        ...client,
      })
      return {
        poolId: UserPool.Id,
        clientId: UserPoolClient.ClientId,
        secret: UserPoolClient.ClientSecret,
      }
    },
    letters: poolId =>
      (logs.groups.get(`/local/cognito/${poolId}`)?.events ?? []).map(({ message }) => JSON.parse(message)),
    async stop() {
      server.close()
      server.closeAllConnections()
      clock.stop()
    },
  }
  return trial
}

/** Sends a request on a connection of its own; not by `fetch`, which lets nobody choose a host. */
export async function send(
  endpoint: string,
  { method = 'POST', path = '/', headers = {}, body = '' }: Asked,
): Promise<Reply> {
  const asked = request(endpoint + path, { method, headers, agent: false })
  const [answer] = (await once(asked.end(body), 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of answer) text += chunk
  const { statusCode: status = 0, headers: answered } = answer
  return { status, headers: answered, body: text === '' ? undefined : JSON.parse(text) }
}

/** A refusal, as clients tell it: code and message. */
export class Refusal extends Error {
  readonly reply: Reply
  constructor(reply: Reply) {
    super(`${reply.body?.__type}: ${reply.body?.message}`)
    this.reply = reply
  }
}

/** What a client with a secret sends along. */
export const secretHash = (secret: string, username: string, clientId: string) =>
  createHmac('sha256', secret)
    .update(username + clientId)
    .digest('base64')

/** What a token says, unverified. */
export const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

export const target = (name: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AWSCognitoIdentityProviderService.${name}`,
})

function outcome(reply: Reply): any {
  if (reply.status === 200) return reply.body
  throw new Refusal(reply)
}
