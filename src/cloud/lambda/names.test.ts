import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation'
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'

let guardian: Guardian
let cloud: Cloud
let formation: CloudFormationClient
let lambda: LambdaClient
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
  const { endpoint, credentials } = cloud
  const config = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
  formation = new CloudFormationClient(config)
  lambda = new LambdaClient(config)
})
afterAll(async () => {
  formation.destroy()
  lambda.destroy()
  await cloud.stop()
  await guardian.stop()
})

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
  },
}
let count = 0
/** Makes a stack of one function, and answers with its name and the reasons of its failures. */
async function making(code: string, properties: object = {}, more: object = {}) {
  const StackName = `Names${count++}`
  const Say = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: code },
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      ...properties,
    },
  }
  await formation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources: { Role: role, Say, ...more } }),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  )
  const { StackEvents = [] } = await formation.send(new DescribeStackEventsCommand({ StackName }))
  const failed = StackEvents.filter(one => one.ResourceStatus === 'CREATE_FAILED')
  const made = cloud.stacks.list().find(one => one.stackName === StackName)
  return {
    functionName: made?.resources.find(one => one.logicalId === 'Say')?.physicalId ?? '',
    reasons: failed.map(one => one.ResourceStatusReason),
  }
}
async function invoke(FunctionName: string, more = {}) {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, ...more }))
  return JSON.parse(Buffer.from(Payload!).toString())
}

test.each([
  [
    'a variable whose name has a hyphen',
    { Environment: { Variables: { 'my-room': 'x' } } },
    "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
  ],
  [
    'a function name with a space',
    { FunctionName: 'say it' },
    "1 validation error detected: Value 'say it' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
  ],
  [
    'a function name of 65 characters',
    { FunctionName: 'x'.repeat(65) },
    `1 validation error detected: Value '${'x'.repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
  ],
])('%s fails the function in AWS’s words', async (_, properties, reason) => {
  expect((await making('exports.handler = async () => 1', properties)).reasons).toEqual([reason])
})

test('a permission whose SourceArn is none fails in CloudFormation’s words', async () => {
  const May = {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: 'Say' },
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:us-east-1:*:abc/*',
    },
  }
  const { reasons } = await making('exports.handler = async () => 1', {}, { May })
  expect(reasons).toEqual([
    'Properties validation failed for resource May with message:\n[#/SourceArn: string [arn:aws:execute-api:us-east-1:*:abc/*] does not match pattern ^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)$]',
  ])
})

test.each([
  [
    { Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrap' } } },
    'Environment: AWS_LAMBDA_EXEC_WRAPPER starts a script',
  ],
  [
    { Layers: ['arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53'] },
    'Layers: arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53 is of another account',
  ],
])('%j is refused by name before anything starts', async (properties, message) => {
  const before = cloud.stacks.list().length
  await expect(making('exports.handler = async () => 1', properties)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(message),
  })
  expect(cloud.stacks.list()).toHaveLength(before)
})

test('malformed names and qualifiers in requests are refused as AWS refuses them', async () => {
  await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'say it' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining("Value 'say it' at 'functionName' failed to satisfy constraint"),
    $metadata: { httpStatusCode: 400 },
  })
  const asked = new GetFunctionCommand({ FunctionName: 'say', Qualifier: 'a b' })
  await expect(lambda.send(asked)).rejects.toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value 'a b' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)",
  })
})

test('a client context arrives', async () => {
  const { functionName } = await making(
    'exports.handler = async (_, context) => context.clientContext ?? null',
  )
  expect(await invoke(functionName)).toBeNull()
  const clientContext = { custom: { room: 'blue' } }
  const ClientContext = Buffer.from(JSON.stringify(clientContext)).toString('base64')
  expect(await invoke(functionName, { ClientContext })).toEqual(clientContext)
  await expect(invoke(functionName, { ClientContext: 'bm9uc2Vuc2U=' })).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
  })
})

test('awslambda is a global, and what a handler streams is its answer', async () => {
  const code = `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
    stream.setContentType('application/json')
    stream.write('{"said":')
    stream.write(JSON.stringify(event.text + ' ' + typeof context.getRemainingTimeInMillis))
    stream.write('}')
    stream.end()
  })`
  const { functionName } = await making(code, { Runtime: 'nodejs24.x' })
  expect(await invoke(functionName, { Payload: '{"text":"hi"}' })).toEqual({ said: 'hi function' })
})
