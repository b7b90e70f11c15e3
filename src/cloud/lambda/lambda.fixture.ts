import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HANG } from '../../machine/bounds.ts'
import { defaultAccount } from '../account.ts'
import { stillClock } from '../clock.ts'
import type { ResourceRequest } from '../cloudformation/resource.ts'
import { eventStream } from '../events.ts'
import { startGuardian } from '../guardian.ts'
import type { PolicyDocument, Statement } from '../iam/policy.ts'
import { startIam } from '../iam/roles.ts'
import { startLogs } from '../logs/logs.ts'
import { startSqs } from '../sqs/sqs.ts'
import { startSts } from '../sts/sessions.ts'
import { type LambdaNeeds, startLambda } from './lambda.ts'

const account = defaultAccount

/** Who may be assumed by Lambda. */
export const trust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
}

/**
 * Lambda with the rooms it needs, for tests: real IAM, STS, logs and SQS, one role that may write logs and one that may
 * read queues besides, and assets in a folder.
 */
export async function lambdaForTests(options: Pick<LambdaNeeds, 'initTimeout'> & Partial<LambdaNeeds> = {}) {
  const clock = options.clock ?? stillClock()
  const events = eventStream(clock.now)
  const guardian = startGuardian()
  const iam = startIam({ account, events, now: clock.now })
  const sts = startSts({ account, iam, now: Date.now })
  const logs = startLogs({ account, clock, events })
  const assets = guardian.temporaryFolder('wslab-assets-')
  iam.createRole({
    name: 'writes-logs',
    trust,
    attached: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  })
  iam.createRole({
    name: 'reads-queues',
    trust,
    attached: ['arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole'],
  })
  const sqs = startSqs({ account, clock, events })
  const lambda = await startLambda({
    account,
    clock,
    events,
    guardian,
    logs,
    iam,
    sts,
    objects: {
      find(bucket, key) {
        return { kind: key.endsWith('.zip') ? 'file' : 'directory', path: join(assets, bucket, key) }
      },
    },
    door: () => ({ port: 1, authority: '' }),
    queues: () => sqs.queues,
    ...options,
  })

  const deployed = [...lambda.resources, ...sqs.resources]
  const resource = (type: string) => deployed.find(one => one.type === type)!
  const request = (logicalId: string, properties: object): ResourceRequest => ({
    stackName: 'test',
    logicalId,
    properties,
    inventName: (maxLength = 64) => `test-${logicalId}-ABCDEFGHIJKL`.slice(0, maxLength),
  })
  const roleArn = (name: string) => `arn:aws:iam::${account.accountId}:role/${name}`

  return {
    account,
    clock,
    events,
    guardian,
    iam,
    sts,
    logs,
    sqs,
    lambda,
    resource,
    request,
    roleArn,
    /** Puts files where an asset would be; answers with the function's `Code`. */
    asset(key: string, files: Readonly<Record<string, string | Uint8Array>>) {
      for (const [name, text] of Object.entries(files)) {
        const path = join(assets, 'bucket', key, name)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
      return { S3Bucket: 'bucket', S3Key: key }
    },
    /** Makes a function of inline code (CommonJS), or of what `properties` say. */
    async make(name: string, code: string | object, properties: object = {}) {
      return resource('AWS::Lambda::Function').create(
        request(name, {
          FunctionName: name,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: roleArn('writes-logs'),
          Code: typeof code === 'string' ? { ZipFile: code } : code,
          ...properties,
        }),
      )
    },
    /** Makes a queue; its ARN ends with the name. */
    async queue(name: string, properties: object = {}) {
      const made = await resource('AWS::SQS::Queue').create(request(name, { QueueName: name, ...properties }))
      return sqs.queues.find(String(made.attributes.Arn))!
    },
    /** Invokes as the learner; what was returned comes parsed. */
    async invoke(name: string, event: unknown = {}) {
      const done = await lambda.invoke({
        functionName: name,
        payload: JSON.stringify(event),
        caller: iam.learner,
      })
      return done.kind === 'returned'
        ? { ...done, result: JSON.parse(done.payload) }
        : { ...done, result: undefined }
    },
    /** Messages in the function's log group, without their line breaks. */
    lines(name: string) {
      return (logs.groups.get(`/aws/lambda/${name}`)?.events ?? []).map(({ message }) => message.trimEnd())
    },
    allow(role: string, ...statements: readonly Statement[]) {
      iam.putInlinePolicy(iam.role(role), 'inline', { Version: '2012-10-17', Statement: statements })
    },
    async stop() {
      await lambda.stop()
      sqs.stop()
      clock.stop()
      await guardian.stop()
    },
  }
}

/** Waits, ten seconds at most, until something is so. */
export async function until(holds: () => boolean) {
  const end = Date.now() + HANG
  while (!holds()) {
    if (Date.now() > end) throw new Error(`still not so: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Lets what hangs on promises that have just been settled happen. */
export const settled = () => new Promise(resolve => setImmediate(resolve))
