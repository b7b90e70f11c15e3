// For tests alone: S3 behind the real door, with IAM and STS, and real clients.
import { once } from 'node:events'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { S3Client } from '@aws-sdk/client-s3'
import { type Account, defaultAccount } from '../account.ts'
import { type Clock, movableClock } from '../clock.ts'
import { buildDoor } from '../door/door.ts'
import { listen } from '../door/listen.ts'
import { reception } from '../door/reception.ts'
import { eventStream } from '../events.ts'
import { type Guardian, startGuardian } from '../guardian.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import { type Iam, startIam } from '../iam/roles.ts'
import { startSts } from '../sts/sessions.ts'
import type { Credentials } from '../sts/sts.ts'
import { type S3, startS3 } from './s3.ts'

/** An S3 to try things on. */
export interface Trial {
  readonly s3: S3
  readonly clock: Clock
  readonly iam: Iam
  readonly guardian: Guardian
  /** The learner, who may do everything. */
  readonly client: S3Client
  readonly endpoint: string
  readonly credentials: Credentials
  /** Somebody with this policy and no other, and their role's ARN. */
  somebody(policy?: PolicyDocument): { readonly client: S3Client; readonly roleArn: string }
  /** What a browser gets that goes to the bucket's own address. */
  visit(bucket: string, path: string): Promise<{ readonly status: number; readonly body: string }>
  stop(): Promise<void>
}

/** Starts S3 behind port 0. The clock stands still unless a test moves it. */
export async function startTrial(account: Account = defaultAccount): Promise<Trial> {
  const start = Date.now()
  const clock = movableClock(() => start)
  const guardian = startGuardian()
  const events = eventStream(clock.now)
  const iam = startIam({ account, events, now: clock.now })
  const sts = startSts({ account, iam, now: Date.now })
  const s3 = startS3({ account, clock, guardian, authorize: iam.authorize })
  const door = buildDoor({
    account,
    services: [s3.service],
    findKey: sts.find,
    authorize: iam.authorize,
    serviceAt: host => (s3.serves(host) ? 's3' : undefined),
    withoutSignature: () => undefined,
    onFault(error) {
      throw error
    },
  })
  const opened = await listen(reception(door, () => {})())
  const endpoint = `http://127.0.0.1:${opened.port}`
  const clients: S3Client[] = []
  const clientOf = (credentials: Credentials) => {
    const client = new S3Client({ endpoint, region: account.region, credentials, maxAttempts: 1 })
    clients.push(client)
    return client
  }
  let roles = 0
  return {
    s3,
    clock,
    iam,
    guardian,
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
      return { client: clientOf(sts.issue(role.arn, 'session')), roleArn: role.arn }
    },
    async visit(bucket, path) {
      const headers = { host: `${bucket}.s3.${account.region}.${account.urlSuffix}` }
      const request = http.get({ host: '127.0.0.1', port: opened.port, path, headers })
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      return { status: response.statusCode!, body: await text(response) }
    },
    async stop() {
      for (const client of clients) client.destroy()
      await opened.close()
      s3.stop()
      clock.stop()
      await guardian.stop()
    },
  }
}
