import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { AwsQueryProtocol } from '@aws-sdk/core/protocols'
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { movableClock } from '../clock.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import { startGuardian } from '../guardian.ts'

const run = promisify(execFile)
const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0
const boto3 = runs('python3', '-c', 'import boto3')
const awsCli = runs('aws', '--version')

/** Time stands still at the beginning of a minute until a test moves it. */
const START = Date.UTC(2026, 0, 1, 12)
const MINUTE = 60_000

const guardian = startGuardian()
let cloud: Cloud
let cloudWatch: CloudWatchClient
let sqs: SQSClient
let sns: SNSClient
let reaches: { endpoint: string; region: string; maxAttempts: number; credentials: any }
beforeAll(async () => {
  cloud = await startCloud({ guardian, clock: movableClock(() => START) })
  reaches = {
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: cloud.credentials,
    maxAttempts: 1,
  }
  cloudWatch = new CloudWatchClient(reaches)
  sqs = new SQSClient(reaches)
  sns = new SNSClient(reaches)
})
afterEach(async () => {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}))
  await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: MetricAlarms.map(one => one.AlarmName!) }))
})
afterAll(async () => {
  for (const client of [cloudWatch, sqs, sns]) client.destroy()
  await cloud.stop()
  await guardian.stop()
})

const minutes = (count: number) => cloud.clock.advance(count * MINUTE)

async function queue(name: string, attributes: Record<string, string> = {}) {
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  )
  return { QueueUrl, arn: `arn:aws:sqs:us-east-1:123456789012:${name}` }
}

/** A topic, and the queue `pager` that is told what is published. */
async function topicWithPager(name: string) {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }))
  const policy = {
    Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' },
  }
  const pager = await queue(`${name}-pager`, { Policy: JSON.stringify(policy) })
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: pager.arn,
      Attributes: { RawMessageDelivery: 'false' },
    }),
  )
  return { TopicArn, pager: pager.QueueUrl }
}

const receive = async (QueueUrl: string) => {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))
  return Messages[0]
}

/** Receives a message for good. */
async function take(QueueUrl: string) {
  const message = await receive(QueueUrl)
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle }))
  return JSON.parse(message!.Body!)
}

const alarm = async (name: string) => {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))
  return MetricAlarms[0]
}

const onQueue = (name: string, MetricName: string) => ({
  Namespace: 'AWS/SQS',
  MetricName,
  Dimensions: [{ Name: 'QueueName', Value: name }],
  Statistic: 'Maximum' as const,
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold' as const,
})

test('a dead letter raises the alarm on its queue, and a topic is told in AWS’s words', async () => {
  const dead = await queue('dead')
  const work = await queue('work', {
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
  })
  const { TopicArn, pager } = await topicWithPager('ops')
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'dead letters',
      AlarmDescription: 'Somebody should look',
      AlarmActions: [TopicArn],
      OKActions: [TopicArn],
      ...onQueue('dead', 'ApproximateNumberOfMessagesVisible'),
    }),
  )
  await cloudWatch.send(
    new PutMetricAlarmCommand({ AlarmName: 'sent', ...onQueue('dead', 'NumberOfMessagesSent') }),
  )
  expect(await alarm('dead letters')).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:dead letters',
  })
  minutes(1)
  expect(await alarm('dead letters')).toMatchObject({
    StateValue: 'OK',
    StateReason:
      'Threshold Crossed: 1 datapoint [0.0 (01/01/26 12:00:00)] was not greater than the threshold (0.0).',
  })
  expect(await take(pager)).toMatchObject({
    Subject: 'OK: "dead letters" in US East (N. Virginia)',
  })

  await sqs.send(new SendMessageCommand({ QueueUrl: work.QueueUrl, MessageBody: 'poison' }))
  await receive(work.QueueUrl)
  cloud.clock.advance(2000)
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: work.QueueUrl }))
  cloud.clock.advance(MINUTE - 2000)
  const raised = await alarm('dead letters')
  expect(raised).toMatchObject({
    StateValue: 'ALARM',
    StateReason:
      'Threshold Crossed: 1 datapoint [1.0 (01/01/26 12:01:00)] was greater than the threshold (0.0).',
  })
  // What a queue is handed as another's dead letter was not sent to it.
  expect((await alarm('sent'))?.StateValue).toBe('INSUFFICIENT_DATA')

  const told = await take(pager)
  expect(told.Subject).toBe('ALARM: "dead letters" in US East (N. Virginia)')
  expect(JSON.parse(told.Message)).toEqual({
    AlarmName: 'dead letters',
    AlarmDescription: 'Somebody should look',
    AWSAccountId: '123456789012',
    AlarmConfigurationUpdatedTimestamp: '2026-01-01T12:00:00.000+0000',
    NewStateValue: 'ALARM',
    NewStateReason: raised?.StateReason,
    StateChangeTime: '2026-01-01T12:02:00.000+0000',
    Region: 'US East (N. Virginia)',
    AlarmArn: raised?.AlarmArn,
    OldStateValue: 'OK',
    OKActions: [TopicArn],
    AlarmActions: [TopicArn],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Namespace: 'AWS/SQS',
      StatisticType: 'Statistic',
      Statistic: 'MAXIMUM',
      Unit: null,
      Dimensions: [{ value: 'dead', name: 'QueueName' }],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'missing',
      EvaluateLowSampleCountPercentile: '',
    },
  })

  await sqs.send(new PurgeQueueCommand({ QueueUrl: dead.QueueUrl }))
  minutes(1)
  expect((await alarm('dead letters'))?.StateValue).toBe('OK')
})

test('a topic whose own policy does not let CloudWatch in is not told, and the alarm’s history says so', async () => {
  const { TopicArn } = await topicWithPager('closed')
  const only = (service: string) =>
    sns.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify({
          Statement: {
            Effect: 'Allow',
            Principal: { Service: service },
            Action: 'sns:Publish',
            Resource: TopicArn,
          },
        }),
      }),
    )
  await cloudWatch.send(
    new PutMetricAlarmCommand({ AlarmName: 'unheard', AlarmActions: [TopicArn], ...onQueue('x', 'y') }),
  )
  const raise = async () => {
    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: 'unheard', StateValue: 'OK', StateReason: 'a test' }),
    )
    await cloudWatch.send(
      new SetAlarmStateCommand({ AlarmName: 'unheard', StateValue: 'ALARM', StateReason: 'a test' }),
    )
    const { AlarmHistoryItems = [] } = await cloudWatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'unheard', HistoryItemType: 'Action' }),
    )
    return AlarmHistoryItems[0]?.HistorySummary
  }
  await only('events.amazonaws.com')
  expect(await raise()).toMatch(/^Failed to execute action arn:aws:sns:us-east-1:123456789012:closed\./)
  await only('cloudwatch.amazonaws.com')
  expect(await raise()).toBe(`Successfully executed action ${TopicArn}`)
})

/** AWS's tables in "How CloudWatch alarms handle missing data": oldest first, `X` breaches. */
const OK = 'OK'
const ALARM = 'ALARM'
const UNKNOWN = 'INSUFFICIENT_DATA'
const STAYS = 'stays'
test.for([
  ['0-X-X', 3, OK, OK, OK, OK],
  ['0----', 3, OK, OK, OK, OK],
  ['-----', 3, UNKNOWN, STAYS, ALARM, OK],
  ['0XX-X', 3, ALARM, ALARM, ALARM, ALARM],
  ['--X--', 3, ALARM, STAYS, ALARM, OK],
  ['0-X-X', 2, ALARM, ALARM, ALARM, ALARM],
  ['00X0X', 2, ALARM, ALARM, ALARM, ALARM],
  ['0-X--', 2, OK, OK, ALARM, OK],
  ['----0', 2, OK, OK, ALARM, OK],
  ['---X-', 2, ALARM, STAYS, ALARM, OK],
] as const)(
  'of the last datapoints %s, %i of 3 wanted',
  async ([pattern, DatapointsToAlarm, ...expected]) => {
    const Namespace = `Trial/${pattern}/${DatapointsToAlarm}`
    const MetricName = 'Breaches'
    const now = cloud.clock.now()
    await cloudWatch.send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: [...pattern].flatMap((what, place) =>
          what === '-'
            ? []
            : [
                {
                  MetricName,
                  Value: what === 'X' ? 1 : 0,
                  // The minute that ends with the next full one is the latest.
                  Timestamp: new Date(now - (pattern.length - 1 - place) * MINUTE),
                },
              ],
        ),
      }),
    )
    const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const
    for (const TreatMissingData of treatments) {
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: TreatMissingData,
          Namespace,
          MetricName,
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 3,
          DatapointsToAlarm,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData,
        }),
      )
    }
    minutes(1)
    for (const [place, name] of treatments.entries()) {
      const wanted = expected[place] === STAYS ? UNKNOWN : expected[place]
      expect([name, (await alarm(name))?.StateValue]).toEqual([name, wanted])
    }
  },
)

test('an alarm that is to hear of nothing says how what is missing was treated', async () => {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'quiet',
      TreatMissingData: 'notBreaching',
      ...onQueue('nobody', 'NumberOfMessagesSent'),
    }),
  )
  minutes(1)
  expect((await alarm('quiet'))?.StateReason).toBe(
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
  )
})

test('a queue nobody uses is measured for six hours', async () => {
  await queue('idle')
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'idle',
      ...onQueue('idle', 'ApproximateNumberOfMessagesVisible'),
    }),
  )
  minutes(360)
  expect((await alarm('idle'))?.StateValue).toBe('OK')
  minutes(5)
  expect((await alarm('idle'))?.StateValue).toBe('INSUFFICIENT_DATA')
})

test('AWS::CloudWatch::Alarm on what a function does: made, changed, and gone with its stack', async () => {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      },
    },
  }
  const onFunction = (AlarmName: string, MetricName: string, more: object = {}) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName,
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Fails' } }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...more,
    },
  })
  const template = (reserved: number, more: object = {}) => ({
    Resources: {
      Role: role,
      Fails: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'fails',
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: 'exports.handler = async () => { throw new Error(0) }' },
          ReservedConcurrentExecutions: reserved,
        },
      },
      Errors: onFunction('errors', 'Errors', more),
      Throttles: onFunction('throttles', 'Throttles'),
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Errors', 'Arn'] } } },
  })
  const lambda = new LambdaClient(reaches)
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName: 'fails' })).catch(error => error)
  const states = async () => [(await alarm('errors'))?.StateValue, (await alarm('throttles'))?.StateValue]

  const { stack } = await cloud.stacks.deploy({ stackName: 'Alarmed', template: template(1) })
  expect(stack.outputs[0]?.value).toBe('arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors')
  await invoke()
  minutes(1)
  expect(await states()).toEqual(['ALARM', 'OK'])
  // Two are wanted now, and the function is not let run at all.
  await cloud.stacks.deploy({ stackName: 'Alarmed', template: template(0, { Threshold: 2 }) })
  expect((await invoke()).name).toBe('TooManyRequestsException')
  minutes(1)
  expect(await states()).toEqual(['OK', 'ALARM'])
  await cloud.stacks.delete('Alarmed')
  expect(await states()).toEqual([undefined, undefined])
  lambda.destroy()
})

test('metrics are listed and read with their statistics', async () => {
  const read = await queue('read')
  for (const body of ['one', 'three'])
    await sqs.send(new SendMessageCommand({ QueueUrl: read.QueueUrl, MessageBody: body }))
  const since = cloud.clock.now()
  minutes(2)
  const { Metrics = [] } = await cloudWatch.send(
    new ListMetricsCommand({ Namespace: 'AWS/SQS', Dimensions: [{ Name: 'QueueName', Value: 'read' }] }),
  )
  expect(Metrics.map(one => one.MetricName).sort()).toEqual([
    'ApproximateAgeOfOldestMessage',
    'ApproximateNumberOfMessagesDelayed',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesVisible',
    'NumberOfMessagesSent',
    'SentMessageSize',
  ])
  const asked = {
    Namespace: 'AWS/SQS',
    Dimensions: [{ Name: 'QueueName', Value: 'read' }],
    StartTime: new Date(since),
    EndTime: new Date(cloud.clock.now()),
    Period: 60,
  }
  const { Datapoints } = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      ...asked,
      MetricName: 'SentMessageSize',
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
    }),
  )
  expect(Datapoints).toEqual([
    { Timestamp: new Date(since), SampleCount: 2, Sum: 8, Average: 4, Minimum: 3, Maximum: 5, Unit: 'Bytes' },
  ])
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: asked.StartTime,
      EndTime: asked.EndTime,
      MetricDataQueries: [
        {
          Id: 'age',
          MetricStat: {
            Metric: { ...asked, MetricName: 'ApproximateAgeOfOldestMessage' },
            Period: 60,
            Stat: 'Maximum',
          },
        },
      ],
    }),
  )
  expect(MetricDataResults).toEqual([
    {
      Id: 'age',
      Label: 'ApproximateAgeOfOldestMessage',
      Timestamps: [new Date(since + MINUTE), new Date(since)],
      Values: [119, 59],
      StatusCode: 'Complete',
    },
  ])
})

test.for([
  ['CBOR', new SmithyRpcV2CborProtocol({ defaultNamespace: 'com.amazonaws.cloudwatch' })],
  [
    'Query',
    new AwsQueryProtocol({
      defaultNamespace: 'com.amazonaws.cloudwatch',
      xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
      version: '2010-08-01',
    }),
  ],
] as const)('%s is spoken as well as JSON', async ([, protocol]) => {
  const client = new CloudWatchClient({ ...reaches, protocol: protocol as any })
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'other tongue',
      ...onQueue('spoken', 'NumberOfMessagesSent'),
      Threshold: 1.5,
      ActionsEnabled: false,
    }),
  )
  const spoken = await queue('spoken')
  await sqs.send(new SendMessageCommand({ QueueUrl: spoken.QueueUrl, MessageBody: 'x' }))
  const since = cloud.clock.now()
  minutes(1)
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['other tongue'] }))
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName: 'other tongue',
      StateValue: 'OK',
      Threshold: 1.5,
      ActionsEnabled: false,
      StateUpdatedTimestamp: new Date(since + MINUTE),
    },
  ])
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SQS',
      MetricName: 'NumberOfMessagesSent',
      Dimensions: [{ Name: 'QueueName', Value: 'spoken' }],
      StartTime: new Date(since),
      EndTime: new Date(since + MINUTE),
      Period: 60,
      Statistics: ['Sum'],
    }),
  )
  expect(Datapoints).toEqual([{ Timestamp: new Date(since), Sum: 1, Unit: 'Count' }])
  const refused = await client
    .send(new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'a test' }))
    .catch(error => error)
  expect([refused.name, refused.$metadata.httpStatusCode]).toEqual(['ResourceNotFound', 404])
  client.destroy()
})

test('each unit of a metric has datapoints of its own, and a day can be asked for by the minute', async () => {
  const now = cloud.clock.now()
  const metric = { Namespace: 'Trial/Units', MetricName: 'm' }
  const put = (Value: number, Unit: 'Seconds' | 'Bytes') =>
    cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: metric.Namespace,
        MetricData: [{ MetricName: 'm', Value, Unit, Timestamp: new Date(now) }],
      }),
    )
  await put(1, 'Seconds')
  await put(2, 'Bytes')
  const ask = (from: number, to: number, Unit?: 'Bytes') =>
    cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...metric,
        StartTime: new Date(from),
        EndTime: new Date(to),
        Period: 60,
        Statistics: ['Sum'],
        ...(Unit && { Unit }),
      }),
    )
  const day = 24 * 60 * MINUTE
  const { Datapoints } = await ask(now + 30_000 - day, now + 30_000)
  expect(Datapoints!.map(({ Sum, Unit }) => [Sum, Unit])).toEqual([
    [1, 'Seconds'],
    [2, 'Bytes'],
  ])
  expect((await ask(now - MINUTE, now + MINUTE, 'Bytes')).Datapoints).toMatchObject([
    { Sum: 2, Unit: 'Bytes' },
  ])
  await expect(ask(now - day - MINUTE, now)).rejects.toThrow('You have requested up to 1441 datapoints')
})

test.skipIf(!boto3)('boto3 and the aws CLI speak to it', async () => {
  const env = {
    PATH: process.env.PATH,
    HOME: guardian.temporaryFolder('wslab-cloudwatch-'),
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const program = `
import boto3, json
cloudwatch = boto3.client('cloudwatch')
cloudwatch.put_metric_alarm(AlarmName='from python', Namespace='Trial', MetricName='m', Statistic='Sum', Period=60,
    EvaluationPeriods=1, Threshold=0.5, ComparisonOperator='GreaterThanThreshold')
try:
    cloudwatch.set_alarm_state(AlarmName='none', StateValue='OK', StateReason='a test')
except cloudwatch.exceptions.ResourceNotFound as error:
    print(error.response['Error']['Code'])
print(cloudwatch.describe_alarms()['MetricAlarms'][0]['StateUpdatedTimestamp'].year)
`
  const { stdout } = await run('python3', ['-c', program], { env, timeout: HANG })
  expect(stdout).toBe('ResourceNotFound\n2026\n')
  if (!awsCli) return
  const listed = await run('aws', ['cloudwatch', 'describe-alarms', '--output', 'json'], {
    env,
    timeout: HANG,
  })
  expect(JSON.parse(listed.stdout).MetricAlarms).toMatchObject([{ AlarmName: 'from python', Threshold: 0.5 }])
})

test('IAM is asked, and says no in AWS’s words', async () => {
  const stranger = new CloudWatchClient({ ...reaches, credentials: await strangersKeys() })
  const denied = (command: any): Promise<any> =>
    stranger.send(command).catch(error => [error.name, error.message, error.$metadata.httpStatusCode])
  const who = 'User: arn:aws:sts::123456789012:assumed-role/stranger/a-test is not authorized to perform'
  expect(await denied(new PutMetricAlarmCommand({ AlarmName: 'x', ...onQueue('x', 'y') }))).toEqual([
    'AccessDenied',
    `${who}: cloudwatch:PutMetricAlarm on resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:x because no identity-based policy allows the cloudwatch:PutMetricAlarm action`,
    403,
  ])
  await stranger.send(new DescribeAlarmsCommand({ AlarmNames: ['mine'] }))
  await stranger.send(new PutMetricDataCommand({ Namespace: 'Mine', MetricData: [] }))
  expect((await denied(new PutMetricDataCommand({ Namespace: 'Yours', MetricData: [] })))[0]).toBe(
    'AccessDenied',
  )
  stranger.destroy()
})

/** Keys of a role that may look at one alarm, and write metrics of one namespace. */
async function strangersKeys() {
  const statement = (Action: string, more: object) => ({ Effect: 'Allow', Action, ...more })
  const stack = {
    Resources: {
      Stranger: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'stranger',
          AssumeRolePolicyDocument: {
            Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' },
          },
          Policies: [
            {
              PolicyName: 'may',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  statement('cloudwatch:DescribeAlarms', { Resource: 'arn:aws:cloudwatch:*:*:alarm:mine' }),
                  statement('cloudwatch:PutMetricData', {
                    Resource: '*',
                    Condition: { StringEquals: { 'cloudwatch:namespace': 'Mine' } },
                  }),
                ],
              },
            },
          ],
        },
      },
    },
  }
  const cloudFormation = new CloudFormationClient(reaches)
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: 'strangers',
      TemplateBody: JSON.stringify(stack),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  )
  await waitUntilStackCreateComplete(
    { client: cloudFormation, maxWaitTime: 10, minDelay: 0.01 as number, maxDelay: 0.1 },
    { StackName: 'strangers' },
  )
  cloudFormation.destroy()
  const sts = new STSClient(reaches)
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/stranger',
      RoleSessionName: 'a-test',
    }),
  )
  sts.destroy()
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}
