import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketCorsCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketWebsiteCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import { HANG } from './machine/bounds.ts'
import { appInACloud } from './selfproof/app-in-a-cloud.ts'

const app = appInACloud('uploads', 'Uploads')
const { output } = app
const put = (Key: string, Body = 'bytes', Bucket = output('BucketName')) =>
  app.aws(S3Client).send(new PutObjectCommand({ Bucket, Key, Body }))

/** What S3 has told a queue, without its test messages. */
const told = async (queue: string) => (await app.take(queue)).map(({ body }) => body).filter(isRecord)
const isRecord = ({ Records }: any) => Records !== undefined

test('CDK’s own function for notifications is not needed, and nothing is left out', () => {
  expect(app.leftOut).toEqual([])
})

test('an upload is told to everybody by a function, and its frames lead back to the call', async () => {
  const ana = await app.connect('ana')
  await put('uploads/notes.txt')
  await put('elsewhere/cat.png')
  await put('uploads/a cat.png', 'meow')
  await ana.hears({ eventName: 'ObjectCreated:Put', key: 'uploads/a+cat.png', size: 4 }, { within: HANG })
  await app.cloud.settled()
  expect(ana.unheard).toEqual([])

  const frame = app.cloud.events
    .history()
    .findLast(event => event.kind === 'frame' && event.direction === 'out')!
  const line = app.ancestors(frame)
  expect(line.map(({ kind }) => kind)).toEqual(['call', 'invoke', 'call'])
  expect(line.at(-1)).toMatchObject({ service: 's3', operation: 'PutObject' })
})

test('what is removed comes to a queue in AWS’s shape, after a test message', async () => {
  await put('old.txt')
  await app.aws(S3Client).send(new DeleteObjectCommand({ Bucket: output('BucketName'), Key: 'old.txt' }))
  const [test, ...messages] = (await app.take('RemovedUrl')).map(({ body }) => body)
  expect(test).toMatchObject({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Bucket: output('BucketName'),
  })
  const [message] = messages.filter(isRecord)
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
  await app.cloud.settled()
  const { Message, Subject } = (await app.take('ReportsUrl'))
    .map(({ body }) => body)
    .find(body => body.Message.includes('may.csv'))
  expect(Subject).toBe('Amazon S3 Notification')
  expect(JSON.parse(Message).Records[0]).toMatchObject({ eventName: 'ObjectCreated:Put' })

  await put('copied/not.txt', 'x', output('PlainName'))
  const CopySource = `${output('PlainName')}/copied/not.txt`
  await app
    .aws(S3Client)
    .send(new CopyObjectCommand({ Bucket: output('PlainName'), Key: 'copied/yes.txt', CopySource }))
  const [{ Records }] = await told('CopiesUrl')
  expect(Records[0]).toMatchObject({
    eventName: 'ObjectCreated:Copy',
    s3: { object: { key: 'copied/yes.txt', size: 1, eTag: expect.any(String) } },
  })
})

test('the notifications are read as they were put', async () => {
  const { $metadata: _, ...shown } = await app
    .aws(S3Client)
    .send(new GetBucketNotificationConfigurationCommand({ Bucket: output('BucketName') }))
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
  await app.aws(S3Client).send(new CreateBucketCommand({ Bucket }))
  const set = (NotificationConfiguration: NotificationConfiguration) =>
    app
      .aws(S3Client)
      .send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
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

test('versions, parts, copies and tags have events of their own', async () => {
  const [s3, sqs] = [app.aws(S3Client), app.aws(SQSClient)]
  const Bucket = 'kept-versions'
  const QueueName = 'versions'
  const QueueArn = `arn:aws:sqs:us-east-1:123456789012:${QueueName}`
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QueueArn,
      Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:s3:::${Bucket}` } },
    },
  })
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }))
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const Events = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*'] as const
  const NotificationConfiguration = { QueueConfigurations: [{ QueueArn, Events: [...Events] }] }
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))

  const place = { Bucket, Key: 'a' }
  const { VersionId } = await s3.send(new PutObjectCommand({ ...place, Body: 'x' }))
  await s3.send(new PutObjectTaggingCommand({ ...place, Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }))
  await s3.send(new DeleteObjectTaggingCommand(place))
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
  const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'xy' }))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }))
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }))
  await s3.send(new DeleteObjectCommand(place))
  await s3.send(new DeleteObjectCommand({ ...place, VersionId }))

  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 }),
  )
  const records = Messages.map(({ Body }) => JSON.parse(Body!))
    .filter(isRecord)
    .map(({ Records: [record] }) => record)
    .sort((one, other) => (one.s3.object.sequencer < other.s3.object.sequencer ? -1 : 1))
  expect(records.map(({ eventName, s3: { object } }) => [eventName, object.size])).toEqual([
    ['ObjectCreated:Put', 1],
    ['ObjectTagging:Put', 1],
    ['ObjectTagging:Delete', 1],
    ['ObjectCreated:CompleteMultipartUpload', 2],
    ['ObjectCreated:Copy', 2],
    ['ObjectRemoved:DeleteMarkerCreated', undefined],
    ['ObjectRemoved:Delete', undefined],
  ])
  expect(records.at(0).s3.object.versionId).toBe(VersionId)
  expect(records.at(-1).s3.object.versionId).toBe(VersionId)
})

test('CORS and website are read as the template has them, and a browser is answered', async () => {
  const Bucket = output('BucketName')
  const { CORSRules } = await app.aws(S3Client).send(new GetBucketCorsCommand({ Bucket }))
  expect(CORSRules).toEqual([{ AllowedMethods: ['PUT'], AllowedOrigins: ['https://*.example.com'] }])
  const { IndexDocument } = await app.aws(S3Client).send(new GetBucketWebsiteCommand({ Bucket }))
  expect(IndexDocument).toEqual({ Suffix: 'index.html' })

  const ask = (origin: string, method: string) =>
    fetch(`${app.cloud.endpoint}/${Bucket}/uploads/x.png`, {
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
