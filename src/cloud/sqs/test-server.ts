// For tests alone: SQS behind the real door, with IAM and STS, and real clients.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { SQSClient } from '@aws-sdk/client-sqs'
import { defaultAccount } from '../account.ts'
import { type Clock, movableClock } from '../clock.ts'
import { buildDoor, type Door } from '../door/door.ts'
import { eventStream } from '../events.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import type { RoleSession } from '../iam/principal.ts'
import { type Iam, startIam } from '../iam/roles.ts'
import type { Call, WireAnswer } from '../service.ts'
import { startSts } from '../sts/sessions.ts'
import type { Credentials } from '../sts/sts.ts'
import { type Sqs, startSqs } from './sqs.ts'

/** An SQS to try things on. */
export interface Trial {
  readonly sqs: Sqs
  readonly clock: Clock
  readonly iam: Iam
  /** The learner, who may do everything. */
  readonly client: SQSClient
  readonly endpoint: string
  readonly credentials: Credentials
  /** Somebody with these policies and no others. */
  somebody(policy?: PolicyDocument): { readonly client: SQSClient; readonly principal: RoleSession }
  /** A call in the Query protocol, as the learner or as `principal`: parameters, and the path if it is not the root. `headers` are beside the usual ones. */
  query(
    parameters: Readonly<Record<string, string>>,
    path?: string,
    principal?: Call['principal'],
    headers?: Readonly<Record<string, string>>,
  ): Promise<WireAnswer>
  stop(): Promise<void>
}

/** Starts SQS behind port 0. */
export async function startTrial(account = defaultAccount): Promise<Trial> {
  // It stands still unless a test moves it.
  const start = Date.now()
  const clock = movableClock(() => start)
  const events = eventStream(clock.now)
  const iam = startIam({ account, events, now: clock.now })
  const sts = startSts({ account, iam, now: Date.now })
  const sqs = startSqs({ account, clock, events })
  const door: Door = buildDoor({
    account,
    services: sqs.services,
    findKey: sts.find,
    authorize: iam.authorize,
    withoutSignature: () => undefined,
    onFault(error) {
      throw error
    },
  })
  const server = http.createServer((request, response) => void door.serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients: SQSClient[] = []
  const clientOf = (credentials: Credentials) => {
    const client = new SQSClient({ endpoint, region: account.region, credentials, maxAttempts: 1 })
    clients.push(client)
    return client
  }
  let roles = 0
  return {
    sqs,
    clock,
    iam,
    client: clientOf(sts.learner),
    endpoint,
    credentials: sts.learner,
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
      const { principal, ...credentials } = sts.issue(role.arn, 'session')
      return { client: clientOf(credentials), principal }
    },
    query: (parameters, path = '/', principal = iam.learner, headers = {}) =>
      door.callAs(principal, 'sqs', {
        method: 'POST',
        target: path,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: Buffer.from(new URLSearchParams(parameters).toString()),
        host: `sqs.${account.region}.${account.urlSuffix}`,
        sourceIp: '127.0.0.1',
      }),
    async stop() {
      for (const client of clients) client.destroy()
      sqs.stop()
      server.close()
      server.closeAllConnections()
      clock.stop()
    },
  }
}
