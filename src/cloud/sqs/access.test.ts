import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Statement } from '../iam/policy.ts'
import { startTrial, type Trial } from './test-server.ts'

let trial: Trial
let made = 0
let QueueUrl: string
let arn: string

beforeAll(async () => {
  trial = await startTrial()
})
afterAll(() => trial.stop())
beforeEach(async () => {
  const QueueName = `access-${made++}`
  QueueUrl = (await trial.client.send(new CreateQueueCommand({ QueueName }))).QueueUrl!
  arn = `arn:aws:sqs:us-east-1:123456789012:${QueueName}`
})

const policyOf = (...Statement: Statement[]) => ({ Version: '2012-10-17', Statement })
const setPolicy = (...statements: Statement[]) =>
  trial.client.send(
    new SetQueueAttributesCommand({
      QueueUrl,
      Attributes: { Policy: JSON.stringify(policyOf(...statements)) },
    }),
  )
const send = () => new SendMessageCommand({ QueueUrl, MessageBody: 'x' })
const batch = () => new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'x' }] })

test('J4: nobody is let in without a policy, in AWS’s words', async () => {
  const { client, principal } = trial.somebody()
  const refused = await client.send(send()).catch((error: unknown) => error)
  expect(refused).toMatchObject({
    name: 'AccessDenied',
    Code: 'AccessDenied',
    Type: 'Sender',
    message: `User: ${principal.arn} is not authorized to perform: sqs:sendmessage on resource: ${arn} because no identity-based policy allows the sqs:sendmessage action`,
    $metadata: { httpStatusCode: 403 },
  })
})

test('J4: the refusal on the wire', async () => {
  const { principal } = trial.somebody()
  const [json, query] = trial.sqs.services
  const call = { principal } as never
  const access = { action: 'sqs:sendmessage', resource: arn }
  const decision = { allowed: false, deny: 'implicit', kind: 'identity-based' } as const
  expect(json!.denied(access, decision, call).members).toEqual({
    __type: 'com.amazon.coral.service#AccessDeniedException',
    messageKey: 'Message',
    headers: { 'x-amzn-query-error': 'AccessDenied;Sender' },
  })
  expect(query!.denied(access, decision, call)).toMatchObject({ status: 403, members: { Detail: '' } })
  const answer = await trial.query({ Action: 'SendMessage', QueueUrl, MessageBody: 'x' }, '/', principal)
  expect(answer.status).toBe(403)
  expect(answer.body).toContain('<Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:sts::')
  expect(answer.headers).not.toHaveProperty('x-amzn-query-error')
})

test('J4: listing is tried on the account’s part of an ARN', async () => {
  const { client } = trial.somebody()
  await expect(client.send(new ListQueuesCommand())).rejects.toThrow(
    'is not authorized to perform: sqs:listqueues on resource: arn:aws:sqs:us-east-1:123456789012: because no identity-based policy allows the sqs:listqueues action',
  )
})

test('an identity policy lets in, for the action it names, whatever its case', async () => {
  const { client } = trial.somebody(policyOf({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }))
  await client.send(send())
  await expect(client.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
})

test('a batch is the single action', async () => {
  const { client } = trial.somebody(policyOf({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }))
  await client.send(batch())
  await expect(trial.somebody().client.send(batch())).rejects.toThrow('to perform: sqs:sendmessage on')
})

test('who has no policy of their own is let in by the queue’s', async () => {
  const { client, principal } = trial.somebody()
  await setPolicy({
    Effect: 'Allow',
    Principal: { AWS: principal.roleArn },
    Action: 'sqs:SendMessage',
    Resource: arn,
  })
  await client.send(send())
  await client.send(batch())
  await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }))).rejects.toThrow(
    'because no identity-based policy allows the sqs:deletemessage action',
  )
})

test('a Deny of the queue’s policy wins', async () => {
  const { client } = trial.somebody(policyOf({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }))
  await setPolicy({ Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: arn })
  await expect(client.send(send())).rejects.toThrow(
    `is not authorized to perform: sqs:sendmessage on resource: ${arn} with an explicit deny in a resource-based policy`,
  )
})

test('the queue’s policy speaks to services as well', async () => {
  const topic = 'arn:aws:sns:us-east-1:123456789012:topic'
  const ask = (sourceArn: string) => {
    const { policy } = trial.sqs.queues.find(arn)!
    return trial.iam.decide(
      { kind: 'service', service: 'sns.amazonaws.com' },
      {
        action: 'sqs:sendmessage',
        resource: arn,
        context: { 'aws:SourceArn': sourceArn },
        ...(policy ? { resourcePolicy: policy } : {}),
      },
    ).allowed
  }
  expect(ask(topic)).toBe(false)
  await setPolicy({
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn,
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  })
  expect(ask(topic)).toBe(true)
  expect(ask(`${topic}-other`)).toBe(false)
})

test('IAM is asked before anybody looks whether the queue is there', async () => {
  const command = new SendMessageCommand({ QueueUrl: `${QueueUrl}-not`, MessageBody: 'x' })
  await expect(trial.somebody().client.send(command)).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(trial.client.send(command)).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
})

test('tags with a new queue need permission to tag', async () => {
  const { client } = trial.somebody(policyOf({ Effect: 'Allow', Action: 'sqs:CreateQueue', Resource: '*' }))
  await client.send(new CreateQueueCommand({ QueueName: `access-${made++}` }))
  await expect(
    client.send(new CreateQueueCommand({ QueueName: `access-${made++}`, tags: { a: 'b' } })),
  ).rejects.toThrow('to perform: sqs:tagqueue on resource')
})

test('a permission is a statement of the policy', async () => {
  const policy = async () => {
    const { Attributes } = await trial.client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
    )
    return Attributes && JSON.parse(Attributes.Policy!)
  }
  const add = (AWSAccountIds: string[], Actions = ['ReceiveMessage']) =>
    trial.client.send(new AddPermissionCommand({ QueueUrl, Label: 'share', AWSAccountIds, Actions }))
  const remove = () => trial.client.send(new RemovePermissionCommand({ QueueUrl, Label: 'share' }))
  await add(['668614515564', '123456789012'])
  expect(await policy()).toEqual({
    Version: '2008-10-17',
    Id: `${arn}/SQSDefaultPolicy`,
    Statement: [
      {
        Sid: 'share',
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::668614515564:root', 'arn:aws:iam::123456789012:root'] },
        Action: 'SQS:ReceiveMessage',
        Resource: arn,
      },
    ],
  })
  await expect(add(['123456789012'])).rejects.toThrow(
    'Value share for parameter Label is invalid. Reason: Already exists.',
  )
  await remove()
  expect(await policy()).toBeUndefined()
  await expect(remove()).rejects.toThrow(
    "Value share for parameter Label is invalid. Reason: can't find label.",
  )
  await expect(add(['123456789012'], ['Fly'])).rejects.toThrow(
    'Value SQS:Fly for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. ',
  )
  await expect(add(['me'])).rejects.toThrow('Value me for parameter PrincipalId is invalid.')
})
