import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { ApiGatewayV2Client, CreateApiCommand } from '@aws-sdk/client-apigatewayv2'
import { CloudFormationClient, ListStackSetsCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch'
import { DynamoDBClient, ListBackupsCommand } from '@aws-sdk/client-dynamodb'
import { IAMClient, ListRoleTagsCommand } from '@aws-sdk/client-iam'
import { GetAccountSettingsCommand, LambdaClient, ListLayersCommand } from '@aws-sdk/client-lambda'
import { GetBucketAclCommand, S3Client } from '@aws-sdk/client-s3'
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'

let guardian: Guardian
let cloud: Cloud
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
})

const config = () => ({
  endpoint: cloud.endpoint,
  region: 'us-east-1',
  credentials: cloud.credentials,
  maxAttempts: 1,
})

const says = (operation: string, service: string) =>
  `The local cloud has no operation ${operation} of the service "${service}". Nothing was sent to AWS.`

type Asking = (to: ReturnType<typeof config>) => Promise<unknown>

const asked: readonly (readonly [string, string, string, string, Asking])[] = [
  [
    'JSON 1.0',
    'dynamodb',
    'ListBackups',
    'UnknownOperationException',
    to => new DynamoDBClient(to).send(new ListBackupsCommand({})),
  ],
  [
    'JSON 1.1',
    'ssm',
    'DescribeInstanceInformation',
    'UnknownOperationException',
    to => new SSMClient(to).send(new DescribeInstanceInformationCommand({})),
  ],
  [
    'query',
    'iam',
    'ListRoleTags',
    'InvalidAction',
    to => new IAMClient(to).send(new ListRoleTagsCommand({ RoleName: 'x' })),
  ],
  [
    'query',
    'cloudformation',
    'ListStackSets',
    'InvalidAction',
    to => new CloudFormationClient(to).send(new ListStackSetsCommand({})),
  ],
  [
    'CBOR',
    'monitoring',
    'ListDashboards',
    'UnknownOperationException',
    to => new CloudWatchClient(to).send(new ListDashboardsCommand({})),
  ],
  [
    'REST JSON',
    'lambda',
    'GetAccountSettings',
    'UnknownOperationException',
    to => new LambdaClient(to).send(new GetAccountSettingsCommand({})),
  ],
  [
    'REST JSON',
    'lambda',
    'ListLayers',
    'UnknownOperationException',
    to => new LambdaClient(to).send(new ListLayersCommand({})),
  ],
  [
    'REST JSON',
    'apigateway',
    'CreateApi',
    'UnknownOperationException',
    to => new ApiGatewayV2Client(to).send(new CreateApiCommand({ Name: 'x', ProtocolType: 'WEBSOCKET' })),
  ],
  [
    'REST XML',
    's3',
    'GetBucketAcl',
    'NotImplemented',
    to => new S3Client({ ...to, forcePathStyle: true }).send(new GetBucketAclCommand({ Bucket: 'rooms' })),
  ],
]

test.each(asked)('%s: %s has no %s, and says so', async (_, service, operation, name, ask) => {
  await expect(ask(config())).rejects.toMatchObject({ name, message: says(operation, service) })
  expect(cloud.lackedSince(0)).toContainEqual(expect.stringContaining(`${service}: ${operation}`))
})

const HAS_BOTO3 = spawnSync('python3', ['-c', 'import boto3']).status === 0

/** boto3 knows every service, in every protocol. */
const SCRIPT = `
import boto3, sys
for service, operation in [one.split('.') for one in sys.argv[1:]]:
    try:
        getattr(boto3.client(service), operation)()
        print(service, 'answered')
    except Exception as error:
        print(error)
`

test.skipIf(!HAS_BOTO3)(
  'a service that is not there is named to each kind of client (needs boto3)',
  async () => {
    const { accessKeyId, secretAccessKey } = cloud.credentials
    const calls = [
      ['route53.list_hosted_zones', 'ListHostedZones', 'route53'],
      ['cloudfront.list_distributions', 'ListDistributions', 'cloudfront'],
      ['ec2.describe_instances', 'DescribeInstances', 'ec2'],
      ['rds.describe_db_instances', 'DescribeDBInstances', 'rds'],
      ['kms.list_keys', 'ListKeys', 'kms'],
      ['stepfunctions.list_state_machines', 'ListStateMachines', 'states'],
      ['appsync.list_graphql_apis', 'ListGraphqlApis', 'appsync'],
      ['batch.describe_job_queues', 'DescribeJobQueues', 'batch'],
    ] as const
    const { stdout } = await promisify(execFile)('python3', ['-c', SCRIPT, ...calls.map(([call]) => call)], {
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        AWS_ENDPOINT_URL: cloud.endpoint,
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_MAX_ATTEMPTS: '1',
      },
    })
    const lines = stdout.trim().split('\n')
    for (const [index, [, operation, service]] of calls.entries()) {
      expect(lines[index]).toContain(
        `An error occurred (ServiceNotInLocalCloud) when calling the ${operation} operation`,
      )
      expect(lines[index]).toContain(`The local cloud has no service "${service}"`)
      const named = service === 'batch' ? 'POST /v1/describejobqueues' : operation
      expect(lines[index]).toContain(`so it has no ${named}. Nothing was sent to AWS.`)
    }
  },
)
