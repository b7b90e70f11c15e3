import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { Clock } from '../cloud/clock.ts'
import { type Cloud, startCloud } from '../cloud/cloud.ts'
import type { CloudEvent } from '../cloud/events.ts'
import { startGuardian } from '../cloud/guardian.ts'
import type { Statement } from '../cloud/iam/policy.ts'
import { HANG } from '../machine/bounds.ts'
import { knock } from '../probe/client.ts'
import { startTranscript } from '../probe/transcript.ts'
import { synthApp } from './synth-app.ts'

/** A client of AWS's SDK. */
type Client<C> = new (configuration: any) => C

/** A message that was taken out of a queue. */
export interface Taken {
  /** Parsed JSON. */
  readonly body: any
  readonly attributes: Readonly<Record<string, string | undefined>>
}

/**
 * For a test file: one of the CDK apps in `apps/`, deployed to a cloud that the file's tests share. `clock` makes the cloud's clock. What tests
 * open is closed after each of them, and the cloud after the last.
 */
export function appInACloud(app: string, stackName: string, clock?: () => Clock) {
  const root = mkdtempSync(join(tmpdir(), `wslab-house-${app}-`))
  const guardian = startGuardian()
  let cloud: Cloud
  let leftOut: readonly string[] = []
  beforeAll(async () => {
    const assembly = await synthApp(root, app)
    cloud = await startCloud({ guardian, ...(clock ? { clock: clock() } : {}) })
    leftOut = (await cloud.deploy(assembly)).leftOut
  })
  afterAll(async () => {
    await cloud?.stop()
    await guardian.stop()
    rmSync(root, { recursive: true })
  })

  return {
    get cloud() {
      return cloud
    },
    /** What was left out of the deployment. */
    get leftOut() {
      return leftOut
    },
    output,
    aws,
    /** Connects a client to the stage whose address is the output `Url`. */
    async connect(name: string, query = '') {
      const url = `${output('Url')}?name=${name}${query}`
      const knocked = await knock(url, name, {}, startTranscript(), HANG)
      if ('refused' in knocked) throw new Error(`refused with ${knocked.refused}`)
      onTestFinished(() => knocked.client.vanish())
      return knocked.client
    },
    /** Waits until there is something in a queue, whose URL is an output, and takes all of it out. */
    async take(queue: string): Promise<readonly Taken[]> {
      const sqs = aws(SQSClient)
      const QueueUrl = output(queue)
      const taken: Taken[] = []
      for (let WaitTimeSeconds = 20; ; WaitTimeSeconds = 0) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl,
            WaitTimeSeconds,
            MaxNumberOfMessages: 10,
            MessageAttributeNames: ['All'],
          }),
        )
        if (Messages.length === 0) return taken
        for (const { Body, MessageAttributes = {}, ReceiptHandle } of Messages) {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
          const attributes = Object.entries(MessageAttributes).map(
            ([name, { StringValue }]) => [name, StringValue] as const,
          )
          taken.push({ body: JSON.parse(Body!), attributes: Object.fromEntries(attributes) })
        }
      }
    },
    /** Makes a user without rights; answers with their keys, and with a way to give them rights instead of those they have. */
    async user(UserName: string) {
      const iam = aws(IAMClient)
      await iam.send(new CreateUserCommand({ UserName }))
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
      return {
        credentials: {
          accessKeyId: AccessKey!.AccessKeyId!,
          secretAccessKey: AccessKey!.SecretAccessKey!,
        },
        async allow(...Statement: readonly Omit<Statement, 'Effect'>[]) {
          const statements = Statement.map(one => ({ Effect: 'Allow', ...one }))
          const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
          await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rights', PolicyDocument }))
        },
      }
    },
    /** What caused an event, and what caused that, up to what nothing caused. */
    ancestors(event: CloudEvent): readonly CloudEvent[] {
      const history = cloud.events.history()
      const line: CloudEvent[] = []
      for (let { causedBy } = event; causedBy !== undefined; { causedBy } = line.at(-1)!) {
        line.push(history.find(({ id }) => id === causedBy)!)
      }
      return line
    },
  }

  /** An output as it is reached from here. */
  function output(name: string): string {
    const { outputs } = cloud.stacks.describe(stackName)
    return cloud.toLocal(outputs.find(({ key }) => key === name)?.value ?? '')
  }

  /** A client of the learner's, or of the owner of these keys. */
  function aws<C extends { destroy(): void }>(Client: Client<C>, credentials: object = cloud.credentials): C {
    const { endpoint, account } = cloud
    const client = new Client({
      endpoint,
      credentials,
      region: account.region,
      maxAttempts: 1,
      forcePathStyle: true,
    })
    onTestFinished(() => client.destroy())
    return client
  }
}
