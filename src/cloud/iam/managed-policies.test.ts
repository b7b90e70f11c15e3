import { expect, test } from 'vitest'
import { statementsOf } from './evaluate.ts'
import { awsManagedPolicy } from './managed-policies.ts'
import { validatePolicy } from './validate.ts'

/** What CDK attaches of its own accord to what a WebSocket app is made of, and what people add to it most. */
const attached = [
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaVPCAccessExecutionRole',
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
  'service-role/AWSLambdaDynamoDBExecutionRole',
  'service-role/AWSLambdaSQSQueueExecutionRole',
  'AWSXRayDaemonWriteAccess',
  'CloudWatchLambdaInsightsExecutionRolePolicy',
  'AmazonAPIGatewayInvokeFullAccess',
  'AmazonDynamoDBFullAccess',
  'AmazonDynamoDBReadOnlyAccess',
  'AmazonSQSFullAccess',
  'AmazonSNSFullAccess',
  'AWSLambda_FullAccess',
  'AdministratorAccess',
  'PowerUserAccess',
  'ReadOnlyAccess',
  'AWSCloudFormationReadOnlyAccess',
  'CloudWatchLogsFullAccess',
]
for (const name of attached) {
  test(`${name} is there, and well formed`, () => {
    const policy = awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)
    expect(`${policy?.path}${policy?.name}`).toBe(`/${name}`)
    expect(() => validatePolicy(policy?.document, 'identity')).not.toThrow()
  })
}

test('a policy has its path in its ARN: without it there is none', () => {
  expect(awsManagedPolicy('arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole')).toBeUndefined()
  expect(awsManagedPolicy('arn:aws:iam::123456789012:policy/AdministratorAccess')).toBeUndefined()
})

test('the table is written in short and read in full', () => {
  const policy = awsManagedPolicy('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')
  expect(statementsOf(policy!.document)).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    },
  ])
})
