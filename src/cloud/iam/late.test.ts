import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { GetPolicyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'

// An IAM that hears of nothing while the test lasts. How long it takes to hear is tried elsewhere, with a clock.
const AN_HOUR = 3_600_000

let guardian: Guardian
let cloud: Cloud
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian, iamLag: AN_HOUR })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
})

const user = 'arn:aws:iam::123456789012:user/ann'
const at = (credentials: { accessKeyId: string; secretAccessKey: string }) => ({
  region: 'us-east-1',
  endpoint: cloud.endpoint,
  maxAttempts: 1,
  credentials,
})

test('while IAM has not heard of it, neither a policy nor a permission to invoke allows anything, and both are shown', async () => {
  const iam = new IAMClient(at(cloud.credentials))
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const ann = at({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! })
  const Statement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'All', PolicyDocument }))
  await expect(new SQSClient(ann).send(new ListQueuesCommand({}))).rejects.toThrow(
    'because no identity-based policy allows the sqs:listqueues action',
  )

  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  await cloud.stacks.deploy({
    stackName: 'Chat',
    template: {
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust } },
        },
        Talk: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: 'talk',
            Runtime: 'nodejs22.x',
            Handler: 'index.handler',
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Code: { ZipFile: 'exports.handler = async () => 1' },
          },
        },
        MayInvoke: {
          Type: 'AWS::Lambda::Permission',
          Properties: { FunctionName: { Ref: 'Talk' }, Action: 'lambda:InvokeFunction', Principal: user },
        },
      },
    },
  })
  await expect(new LambdaClient(ann).send(new InvokeCommand({ FunctionName: 'talk' }))).rejects.toThrow(
    `User: ${user} is not authorized to perform: lambda:InvokeFunction`,
  )
  const learner = new LambdaClient(at(cloud.credentials))
  expect((await learner.send(new GetPolicyCommand({ FunctionName: 'talk' }))).Policy).toContain(user)
  expect((await learner.send(new InvokeCommand({ FunctionName: 'talk' }))).StatusCode).toBe(200)
})
