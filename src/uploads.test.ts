import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketWebsiteCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import type { CloudEvent } from './cloud/events.ts'
import { startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { knock } from './probe/client.ts'
import { startTranscript } from './probe/transcript.ts'
import { synthApp } from './selfproof/synth-app.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-house-uploads-'))
const guardian = startGuardian()
let cloud: Cloud
let s3: S3Client
let sqs: SQSClient
let leftOut: readonly string[]
beforeAll(async () => {
  const assembly = await synthApp(root, 'uploads')
  cloud = await startCloud({ guardian })
  leftOut = (await cloud.deploy(assembly)).leftOut
  const { endpoint, account, credentials } = cloud
  const configuration = { endpoint, credentials, region: account.region, maxAttempts: 1 }
  s3 = new S3Client({ ...configuration, forcePathStyle: true })
  sqs = new SQSClient(configuration)
})
afterAll(async () => {
  s3.destroy()
  sqs.destroy()
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

const output = (name: string) =>
  cloud.toLocal(cloud.stacks.describe('Uploads').outputs.find(({ key }) => key === name)?.value ?? '')
const put = (Key: string, Body = 'bytes', Bucket = output('BucketName')) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }))

/** The bodies of messages until one is as it should be; all of them are taken out of the queue. */
async function take(queue: string, is: (body: any) => boolean): Promise<any> {
  const QueueUrl = output(queue)
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    if (Messages.length === 0) throw new Error(`no such message in ${queue}`)
    for (const { Body, ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      const body = JSON.parse(Body!)
      if (is(body)) return body
    }
  }
}
const isRecord = ({ Records }: any) => Records !== undefined

test('CDK’s own function for notifications is not needed, and nothing is left out', () => {
  expect(leftOut).toEqual([])
})

test('an upload is told to everybody by a function, and its frames lead back to the call', async () => {
  const knocked = await knock(output('Url'), 'ana', {}, startTranscript(), HANG)
  if ('refused' in knocked) throw new Error(`refused with ${knocked.refused}`)
  onTestFinished(() => knocked.client.vanish())
  await put('uploads/notes.txt')
  await put('elsewhere/cat.png')
  await put('uploads/a cat.png', 'meow')
  await knocked.client.hears(
    { eventName: 'ObjectCreated:Put', key: 'uploads/a+cat.png', size: 4 },
    { within: HANG },
  )
  await cloud.settled()
  expect(knocked.client.unheard).toEqual([])

  const history = cloud.events.history()
  const frame = history.findLast(event => event.kind === 'frame' && event.direction === 'out')!
  const line: CloudEvent[] = []
  for (let cause = frame.causedBy; cause !== undefined; cause = line.at(-1)!.causedBy)
    line.push(history.find(({ id }) => id === cause)!)
  expect(line.map(({ kind }) => kind)).toEqual(['call', 'invoke', 'call'])
  expect(line.at(-1)).toMatchObject({ service: 's3', operation: 'PutObject' })
})

test('what is removed comes to a queue in AWS’s shape, after a test message', async () => {
  await put('old.txt')
  await s3.send(new DeleteObjectCommand({ Bucket: output('BucketName'), Key: 'old.txt' }))
  const seen: any[] = []
  const message = await take('RemovedUrl', body => seen.push(body) > 0 && isRecord(body))
  expect(seen[0]).toMatchObject({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Bucket: output('BucketName'),
  })
  expect(message.Records).toEqual([
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      eventName: 'ObjectRemoved:Delete',
      userIdentity: { principalId: expect.stringMatching(/^AWS:/) },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: expect.any(String),
        bucket: {
          name: output('BucketName'),
          ownerIdentity: { principalId: expect.any(String) },
          arn: `arn:aws:s3:::${output('BucketName')}`,
        },
        object: { key: 'old.txt', sequencer: expect.stringMatching(/^[0-9A-F]+$/) },
      },
    },
  ])
})

test('a topic is told, and so is a queue that a plain bucket names by its properties', async () => {
  await put('reports/may.csv')
  const { Message, Subject } = await take('ReportsUrl', ({ Message = '' }) => Message.includes('may.csv'))
  expect(Subject).toBe('Amazon S3 Notification')
  expect(JSON.parse(Message).Records[0]).toMatchObject({ eventName: 'ObjectCreated:Put' })

  await put('copied/not.txt', 'x', output('PlainName'))
  const CopySource = `${output('PlainName')}/copied/not.txt`
  await s3.send(new CopyObjectCommand({ Bucket: output('PlainName'), Key: 'copied/yes.txt', CopySource }))
  const { Records } = await take('CopiesUrl', isRecord)
  expect(Records[0]).toMatchObject({
    eventName: 'ObjectCreated:Copy',
    s3: { object: { key: 'copied/yes.txt', size: 1, eTag: expect.any(String) } },
  })
})

test('the notifications are read as they were put', async () => {
  const { $metadata: _, ...shown } = await s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket: output('BucketName') }),
  )
  const Id = expect.any(String)
  expect(shown).toMatchObject({
    LambdaFunctionConfigurations: [
      {
        Id,
        LambdaFunctionArn: output('TellArn'),
        Events: ['s3:ObjectCreated:*'],
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'Prefix', Value: 'uploads/' },
              { Name: 'Suffix', Value: '.png' },
            ],
          },
        },
      },
    ],
    QueueConfigurations: [{ Id, QueueArn: output('RemovedArn'), Events: ['s3:ObjectRemoved:*'] }],
    TopicConfigurations: [{ Id, Events: ['s3:ObjectCreated:Put'] }],
  })
})

test('a target that does not let S3 in is refused, and so are overlaps and unknown events', async () => {
  const Bucket = 'somebody-elses'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const set = (NotificationConfiguration: NotificationConfiguration) =>
    s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
  const refused = (message: string) => ({ name: 'InvalidArgument', message })
  const unable = refused('Unable to validate the following destination configurations')
  const toTell = { LambdaFunctionArn: output('TellArn'), Events: ['s3:ObjectCreated:*' as const] }
  const toRemoved = { QueueArn: output('RemovedArn'), Events: ['s3:ObjectCreated:*' as const] }
  // Both let their own bucket in, and no other.
  await expect(set({ LambdaFunctionConfigurations: [toTell] })).rejects.toMatchObject(unable)
  await expect(set({ QueueConfigurations: [toRemoved] })).rejects.toMatchObject(unable)
  await expect(set({ QueueConfigurations: [toRemoved, toRemoved] })).rejects.toMatchObject(
    refused('Configurations overlap. Configurations on the same bucket cannot share a common event type.'),
  )
  await expect(
    set({ QueueConfigurations: [{ ...toRemoved, Events: ['s3:ObjectSeen:*' as never] }] }),
  ).rejects.toMatchObject(refused('The event is not supported for notifications'))
  await set({})
})

test('CORS and website are read as the template has them, and a browser is answered', async () => {
  const Bucket = output('BucketName')
  const { CORSRules } = await s3.send(new GetBucketCorsCommand({ Bucket }))
  expect(CORSRules).toEqual([{ AllowedMethods: ['PUT'], AllowedOrigins: ['https://*.example.com'] }])
  const { IndexDocument } = await s3.send(new GetBucketWebsiteCommand({ Bucket }))
  expect(IndexDocument).toEqual({ Suffix: 'index.html' })

  const ask = (origin: string, method: string) =>
    fetch(`${cloud.endpoint}/${Bucket}/uploads/x.png`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method },
    })
  const yes = await ask('https://chat.example.com', 'PUT')
  expect(yes.status).toBe(200)
  expect(yes.headers.get('access-control-allow-origin')).toBe('https://chat.example.com')
  expect(yes.headers.get('access-control-allow-methods')).toBe('PUT')
  for (const no of [await ask('https://example.org', 'PUT'), await ask('https://chat.example.com', 'GET')]) {
    expect(no.status).toBe(403)
    expect(await no.text()).toContain('<Code>AccessForbidden</Code>')
  }
})
