import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Cloud } from '../cloud.ts'
import { askedCloud } from '../cloudformation/asked.fixture.ts'

let cloud: Cloud
let iam: IAMClient
beforeAll(async () => {
  cloud = await askedCloud()
  iam = new IAMClient(config())
})
afterAll(() => cloud.stop())

const account = '123456789012'
const config = (credentials: { accessKeyId: string; secretAccessKey: string } = cloud.credentials) => ({
  region: 'us-east-1',
  endpoint: cloud.endpoint,
  maxAttempts: 1,
  credentials,
})
const allowing = (...Action: string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

/** A user with a key, who is gone again when the test is over. */
async function user(UserName: string) {
  await iam.send(new CreateUserCommand({ UserName }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  onTestFinished(async () => {
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey!.AccessKeyId! }))
    await iam.send(new DeleteUserCommand({ UserName }))
  })
  return config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! })
}

test('a user has keys, and may do what their policies say and nothing else', async () => {
  const ann = await user('ann')
  const arn = `arn:aws:iam::${account}:user/ann`
  expect(await new STSClient(ann).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: arn })
  const sqs = new SQSClient(ann)
  const denied = `User: ${arn} is not authorized to perform: sqs:createqueue on resource: arn:aws:sqs:us-east-1:${account}:Room because no identity-based policy allows the sqs:createqueue action`
  const refused = expect.objectContaining({ message: denied })
  await expect(sqs.send(new CreateQueueCommand({ QueueName: 'Room' }))).rejects.toEqual(refused)

  const PolicyDocument = allowing('sqs:CreateQueue')
  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'Makes', PolicyDocument }))
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'Room' }))
  expect(QueueUrl).toContain('/Room')
  const put = await iam.send(new GetUserPolicyCommand({ UserName: 'ann', PolicyName: 'Makes' }))
  expect(decodeURIComponent(put.PolicyDocument!)).toBe(PolicyDocument)

  await iam.send(new DeleteUserPolicyCommand({ UserName: 'ann', PolicyName: 'Makes' }))
  await expect(sqs.send(new CreateQueueCommand({ QueueName: 'Room' }))).rejects.toEqual(refused)
  expect((await iam.send(new ListUserPoliciesCommand({ UserName: 'ann' }))).PolicyNames ?? []).toEqual([])
})

test('a managed policy is made, attached, taken away and deleted, in this order only', async () => {
  const ben = await user('ben')
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'Lists', PolicyDocument: allowing('sqs:ListQueues') }),
  )
  const PolicyArn = Policy!.Arn!
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ben', PolicyArn }))
  await new SQSClient(ben).send(new ListQueuesCommand({}))
  const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'ben' }))
  expect(AttachedPolicies).toEqual([{ PolicyName: 'Lists', PolicyArn }])

  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toThrow(
    'Cannot delete a policy attached to entities.',
  )
  await expect(iam.send(new DeleteUserCommand({ UserName: 'ben' }))).rejects.toThrow(
    'Cannot delete entity, must delete access keys first.',
  )
  await iam.send(new DetachUserPolicyCommand({ UserName: 'ben', PolicyArn }))
  await iam.send(new DeletePolicyCommand({ PolicyArn }))
  await expect(new SQSClient(ben).send(new ListQueuesCommand({}))).rejects.toThrow('is not authorized')
})

test('what is attached must be the ARN of a policy that there is', async () => {
  await user('bea')
  const attach = (PolicyArn: string) => iam.send(new AttachUserPolicyCommand({ UserName: 'bea', PolicyArn }))
  await expect(attach('longpolicynamebutnoarn')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Invalid ARN:  Could not be parsed!',
  })
  await expect(attach('short')).rejects.toThrow(
    "Value 'short' at 'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
  )
  const arn = `arn:aws:iam::${account}:policy/nobody-made-it`
  await expect(attach(arn)).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: `Policy ${arn} does not exist or is not attachable.`,
  })
})

test('the keys of a user go with the user, and a user of the same name later is somebody else', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'cas' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'cas' }))
  const AccessKeyId = AccessKey!.AccessKeyId!
  const cas = new STSClient(
    config({ accessKeyId: AccessKeyId, secretAccessKey: AccessKey!.SecretAccessKey! }),
  )
  await cas.send(new GetCallerIdentityCommand({}))
  await iam.send(new CreateAccessKeyCommand({ UserName: 'cas' }))
  await expect(iam.send(new CreateAccessKeyCommand({ UserName: 'cas' }))).rejects.toThrow(
    'Cannot exceed quota for AccessKeysPerUser: 2',
  )
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'cas' }))
  expect(AccessKeyMetadata).toHaveLength(2)
  for (const key of AccessKeyMetadata!) {
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'cas', AccessKeyId: key.AccessKeyId! }))
  }
  await iam.send(new DeleteUserCommand({ UserName: 'cas' }))
  await expect(cas.send(new GetCallerIdentityCommand({}))).rejects.toThrow(
    'The security token included in the request is invalid.',
  )
  await expect(iam.send(new GetUserCommand({ UserName: 'cas' }))).rejects.toThrow(
    'The user with name cas cannot be found.',
  )
})

test('who names no user means themselves; a name is taken once, and inline policies of a user are small', async () => {
  await expect(iam.send(new GetUserCommand({}))).resolves.toMatchObject({ User: { UserName: 'learner' } })
  expect((await iam.send(new ListUsersCommand({}))).Users!.map(one => one.UserName)).toContain('learner')
  await expect(iam.send(new CreateUserCommand({ UserName: 'Learner' }))).rejects.toThrow(
    'User with name Learner already exists.',
  )
  const PolicyDocument = allowing(...Array.from({ length: 120 }, (_, n) => `sqs:SomethingRatherLong${n}`))
  await expect(
    iam.send(new PutUserPolicyCommand({ UserName: 'learner', PolicyName: 'Long', PolicyDocument })),
  ).rejects.toThrow('Maximum policy size of 2048 bytes exceeded for user learner')
})

test('a list tells less of a user than GetUser does, and nobody tells of tags that are not there', async () => {
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: 'Bounds',
      PolicyDocument: allowing('sqs:*'),
      Description: 'How far it goes',
    }),
  )
  expect(Policy).not.toHaveProperty('Description')
  const PolicyArn = Policy!.Arn!
  expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!.Description).toBe('How far it goes')

  const tagged = { Tags: [{ Key: 'a', Value: 'b' }], PermissionsBoundary: PolicyArn }
  for (const [UserName, more] of Object.entries({ bare: {}, full: tagged })) {
    const named = { UserName, Path: '/told/' }
    const created = (await iam.send(new CreateUserCommand({ ...named, ...more }))).User!
    const got = (await iam.send(new GetUserCommand({ UserName }))).User!
    for (const one of [created, got]) {
      expect(['Tags' in one, 'PermissionsBoundary' in one]).toEqual(Array(2).fill(UserName === 'full'))
    }
  }
  const { Users } = await iam.send(new ListUsersCommand({ PathPrefix: '/told/' }))
  for (const one of Users!) {
    expect(Object.keys(one).sort()).toEqual(['Arn', 'CreateDate', 'Path', 'UserId', 'UserName'])
  }
  for (const UserName of ['bare', 'full']) await iam.send(new DeleteUserCommand({ UserName }))
  await iam.send(new DeletePolicyCommand({ PolicyArn }))
})
