import type { Scene } from '#kit'
import { actionsOf, type Permit } from './budget.ts'

/** What any function may have a reason for, whatever its lab is about: CDK and AWS's own managed policies grant it. */
export function whatEveryFunctionMay(scene: Scene): Permit[] {
  const own = (type: string, arn: (id: string) => string) =>
    scene
      .resources(type)
      .flatMap(({ physicalId }) => [arn(physicalId), `${arn(physicalId)}/*`, `${arn(physicalId)}:*`])
  const here = (service: string, rest: string) =>
    `arn:aws:${service}:${scene.region}:${scene.accountId}:${rest}`
  return [
    {
      to: 'write its log',
      // The last two are what CDK's own helper asks for the retention of logs.
      actions: [
        'CreateLogGroup',
        'CreateLogStream',
        'PutLogEvents',
        'PutRetentionPolicy',
        'DeleteRetentionPolicy',
      ].map(action => `logs:${action}`),
      on: ['*'],
    },
    {
      to: 'write its traces and metrics',
      actions: [
        'cloudwatch:PutMetricData',
        ...[
          'PutTraceSegments',
          'PutTelemetryRecords',
          'GetSamplingRules',
          'GetSamplingTargets',
          'GetSamplingStatisticSummaries',
        ].map(action => `xray:${action}`),
      ],
      on: ['*'],
    },
    { to: 'know who it is', actions: ['sts:GetCallerIdentity'], on: ['*'] },
    {
      to: 'run in a VPC, for which Lambda asks this of its role',
      actions: [
        'CreateNetworkInterface',
        'DeleteNetworkInterface',
        'DescribeNetworkInterfaces',
        'DescribeSubnets',
        'DescribeSecurityGroups',
        'DescribeVpcs',
        'AssignPrivateIpAddresses',
        'UnassignPrivateIpAddresses',
      ].map(action => `ec2:${action}`),
      on: ['*'],
      inVpc: true,
    },
    {
      to: 'call the functions of the stack',
      actions: ['lambda:InvokeFunction'],
      on: own('AWS::Lambda::Function', id => here('lambda', `function:${id}`)),
    },
    {
      to: 'use the queues of the stack',
      actions: ['sqs:*'],
      on: own('AWS::SQS::Queue', id => here('sqs', id.slice(id.lastIndexOf('/') + 1))),
    },
    { to: 'use the topics of the stack', actions: ['sns:*'], on: own('AWS::SNS::Topic', id => id) },
    {
      to: 'use the buckets of the stack',
      actions: ['s3:*'],
      on: own('AWS::S3::Bucket', id => `arn:aws:s3:::${id}`),
    },
    {
      to: 'use the keys of the stack',
      actions: ['kms:*'],
      on: own('AWS::KMS::Key', id => here('kms', `key/${id}`)),
    },
    {
      to: 'read the parameters and secrets of the stack',
      actions: ['ssm:*', 'secretsmanager:*'],
      on: [
        ...own('AWS::SSM::Parameter', id => here('ssm', `parameter/${id.replace(/^\//, '')}`)),
        ...own('AWS::SecretsManager::Secret', id => id),
      ],
    },
    {
      to: "write API Gateway's logs",
      actions: ['logs:Describe*', 'logs:GetLogEvents', 'logs:FilterLogEvents'],
      on: ['*'],
      as: 'apigateway.amazonaws.com',
    },
  ]
}

/** The rows of the stack's tables: read, written, taken out, by whichever call; and what the tables are like. */
export function rows(scene: Scene): Permit[] {
  const tables = [
    ...scene.resources('AWS::DynamoDB::Table'),
    ...scene.resources('AWS::DynamoDB::GlobalTable'),
  ]
  return [
    {
      to: 'read and write the rows of the tables',
      actions: [
        ...actionsOf('dynamodb', 'Read', 'List'),
        ...[
          'PutItem',
          'UpdateItem',
          'DeleteItem',
          'BatchWriteItem',
          'PartiQLInsert',
          'PartiQLUpdate',
          'PartiQLDelete',
        ].map(action => `dynamodb:${action}`),
      ],
      on: tables.flatMap(({ physicalId }) => {
        const table = `arn:aws:dynamodb:${scene.region}:${scene.accountId}:table/${physicalId}`
        return [table, `${table}/*`]
      }),
    },
    // CDK's grants for streams ask this of all: it tells their names only.
    { to: 'know which streams there are', actions: ['dynamodb:ListStreams'], on: ['*'] },
  ]
}

/** The stack's own APIs, on every stage: their connections, however the statement says so. */
export const connections = (scene: Scene): Permit => ({
  to: 'post to the connections of its own API',
  actions: ['execute-api:*'],
  on: scene
    .resources('AWS::ApiGatewayV2::Api')
    .map(({ physicalId }) => `arn:aws:execute-api:${scene.region}:${scene.accountId}:${physicalId}/*`),
})

/** The stack's user pools: looking users up. */
export const users = (scene: Scene): Permit => ({
  to: 'look users up in its own pool',
  actions: actionsOf('cognito-idp', 'Read', 'List'),
  on: scene
    .resources('AWS::Cognito::UserPool')
    .map(({ physicalId }) => `arn:aws:cognito-idp:${scene.region}:${scene.accountId}:userpool/${physicalId}`),
})
