import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { SNSClient, UnsubscribeCommand } from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startGuardian } from './cloud/guardian.ts'
import { ground } from './conformance/ground.ts'
import { live, output, puppet } from './conformance/grounds/parts.ts'
import type { Standing } from './conformance/standing.ts'
import { openAccount } from './conformance/world.ts'
import { HANG } from './machine/bounds.ts'
import { type LocalTarget, localTarget } from './targets/local.ts'

const run = promisify(execFile)
const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0
const awsCli = runs('aws', '--version')
const boto3 = runs('python3', '-c', 'import boto3')

/** A queue that anybody may read (output `Orders`), a topic (`News`), and a queue whose messages go to a function (`Work`). */
const post = ground('post', stack => {
  const orders = new Queue(stack, 'Orders')
  orders.grantSendMessages(new ServicePrincipal('sns.amazonaws.com'))
  const work = new Queue(stack, 'Work')
  const worker = puppet(stack, 'Worker')
  worker.addEventSource(new SqsEventSource(work, { batchSize: 5 }))
  const api = new WebSocketApi(stack, 'Api', { description: 'Tells' })
  api.addRoute('ask', {
    integration: new WebSocketLambdaIntegration('Ask', worker),
    returnResponse: true,
  })
  live(api)
  output(stack, 'ApiId', api.apiId)
  output(stack, 'Orders', orders.queueUrl)
  output(stack, 'OrdersArn', orders.queueArn)
  output(stack, 'News', new Topic(stack, 'News').topicArn)
  output(stack, 'Work', work.queueUrl)
  output(stack, 'WorkArn', work.queueArn)
  output(stack, 'WorkerName', worker.functionName)
})

const guardian = startGuardian()
let target: LocalTarget
let up: Standing
let env: NodeJS.ProcessEnv
let endpoint: string
beforeAll(async () => {
  const root = guardian.temporaryFolder('wslab-house-queues-')
  target = await localTarget(guardian)
  const { world } = openAccount({ target, root, another: 'one is enough' }).visit()
  up = await world.own(post)
  endpoint = target.cloud.endpoint
  env = {
    PATH: process.env.PATH,
    HOME: root,
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: up.region,
    AWS_ACCESS_KEY_ID: target.cloud.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.cloud.credentials.secretAccessKey,
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
})
afterAll(async () => {
  await up?.leave()
  await target?.stop()
  await guardian.stop()
})

const aws = async (...args: string[]): Promise<any> => {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { env, timeout: HANG })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}
/** The first version of the CLI sends `aws sqs` to AWS whatever AWS_ENDPOINT_URL says. */
const awsSqs = (...args: string[]) => aws('sqs', ...args, '--endpoint-url', endpoint)

/** Runs a script with boto3, and answers with what it printed as JSON. */
async function python(script: string): Promise<any> {
  const { stdout } = await run('python3', ['-c', `import boto3, json\n${script}`], { env, timeout: HANG })
  return JSON.parse(stdout)
}

test.skipIf(!awsCli)(
  'the aws CLI, where it is installed, subscribes a queue, publishes, receives what came, and deletes it',
  async () => {
    const [topic, QueueUrl] = [up.output('News'), up.output('Orders')]
    const { SubscriptionArn } = await aws(
      ...['sns', 'subscribe', '--topic-arn', topic, '--protocol', 'sqs'],
      ...['--notification-endpoint', up.output('OrdersArn')],
    )
    onTestFinished(async () => {
      await up.aws(SNSClient).send(new UnsubscribeCommand({ SubscriptionArn }))
    })
    expect(SubscriptionArn).toMatch(new RegExp(`^${topic}:[\\da-f-]{36}$`))
    const { MessageId } = await aws(
      ...['sns', 'publish', '--topic-arn', topic, '--subject', 'Today', '--message', 'rain'],
    )

    // It compares the MD5 of what it receives with its own.
    const { Messages } = await awsSqs(
      ...['receive-message', '--queue-url', QueueUrl, '--wait-time-seconds', '5', '--attribute-names', 'All'],
    )
    expect(Messages).toEqual([
      {
        MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
        ReceiptHandle: expect.any(String),
        MD5OfBody: createHash('md5').update(Messages[0].Body).digest('hex'),
        Body: expect.any(String),
        Attributes: expect.objectContaining({ ApproximateReceiveCount: '1' }),
      },
    ])
    expect(JSON.parse(Messages[0].Body)).toMatchObject({
      ...{ Type: 'Notification', MessageId, TopicArn: topic, Subject: 'Today', Message: 'rain' },
      SignatureVersion: '1',
    })
    const handle = Messages[0].ReceiptHandle
    expect(
      await awsSqs('delete-message', '--queue-url', QueueUrl, '--receipt-handle', handle),
    ).toBeUndefined()
    const { Attributes } = await up
      .aws(SQSClient)
      .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    })
  },
)

test.skipIf(!awsCli)(
  'the aws CLI finds an event source mapping, sends, and reads in the logs what came by it',
  async () => {
    const name = up.output('WorkerName')
    const { EventSourceMappings } = await aws('lambda', 'list-event-source-mappings', '--function-name', name)
    expect(EventSourceMappings).toEqual([
      expect.objectContaining({
        ...{ EventSourceArn: up.output('WorkArn'), BatchSize: 5, State: 'Enabled' },
        FunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
        UUID: expect.stringMatching(/^[\da-f-]{36}$/),
      }),
    ])
    const attributes = '{"size":{"DataType":"String","StringValue":"large ☂"}}'
    const sent = await awsSqs(
      ...['send-message', '--queue-url', up.output('Work'), '--message-body', 'job ☂'],
      ...['--message-attributes', attributes],
    )
    expect(sent).toEqual({
      MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
      MD5OfMessageBody: createHash('md5').update('job ☂').digest('hex'),
      MD5OfMessageAttributes: expect.stringMatching(/^[\da-f]{32}$/),
    })
    await up.logs(up.output('WorkerLogName'), sent.MessageId)
    const { events } = await aws(
      ...['logs', 'filter-log-events', '--log-group-name', up.output('WorkerLogName')],
      ...['--filter-pattern', `"${sent.MessageId}"`],
    )
    expect(events).toHaveLength(1)
    const seen = JSON.parse(events[0].message.replace(/^[^{]*/, ''))
    expect(seen.Records).toEqual([
      expect.objectContaining({
        ...{ body: 'job ☂', eventSource: 'aws:sqs', eventSourceARN: up.output('WorkArn') },
        messageAttributes: { size: expect.objectContaining({ stringValue: 'large ☂', dataType: 'String' }) },
      }),
    ])
  },
)

test.skipIf(!awsCli)('the aws CLI looks at an API, its routes and its stages', async () => {
  const apiId = up.output('ApiId')
  const { Items: apis } = await aws('apigatewayv2', 'get-apis')
  expect(apis).toEqual([
    expect.objectContaining({
      ...{ ApiId: apiId, ProtocolType: 'WEBSOCKET', Description: 'Tells' },
      ApiEndpoint: `wss://${apiId}.execute-api.us-east-1.amazonaws.com`,
      RouteSelectionExpression: '$request.body.action',
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    }),
  ])
  const { Items: routes } = await aws('apigatewayv2', 'get-routes', '--api-id', apiId)
  expect(routes).toEqual([
    expect.objectContaining({
      ...{ RouteKey: 'ask', AuthorizationType: 'NONE', RouteResponseSelectionExpression: '$default' },
      Target: expect.stringMatching(/^integrations\/[a-z\d]+$/),
    }),
  ])
  const { Items: stages } = await aws('apigatewayv2', 'get-stages', '--api-id', apiId)
  expect(stages).toEqual([
    expect.objectContaining({ StageName: 'live', AutoDeploy: true, DeploymentId: expect.any(String) }),
  ])
})

test.skipIf(!awsCli)('the aws CLI describes a stack', async () => {
  const { Stacks } = await aws('cloudformation', 'describe-stacks')
  expect(Stacks).toEqual([
    expect.objectContaining({
      StackName: expect.stringMatching(/^wslab-conformance-post-/),
      StackStatus: 'CREATE_COMPLETE',
      StackId: expect.stringMatching(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/wslab-/),
    }),
  ])
  expect(Stacks[0].Outputs).toContainEqual({ OutputKey: 'News', OutputValue: up.output('News') })
})

test.skipIf(!boto3)(
  'boto3, where it is installed, sends by a topic and by hand, receives, and deletes',
  async () => {
    const seen = await python(`
sqs = boto3.client('sqs', endpoint_url='${endpoint}')
sns = boto3.client('sns')
url = sqs.get_queue_url(QueueName='${up.output('Orders').split('/').pop()}')['QueueUrl']
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
subscription = sns.subscribe(TopicArn='${up.output('News')}', Protocol='sqs', Endpoint=arn,
    Attributes={'RawMessageDelivery': 'true'}, ReturnSubscriptionArn=True)['SubscriptionArn']
sns.publish(TopicArn='${up.output('News')}', Message='by a topic',
    MessageAttributes={'colour': {'DataType': 'String', 'StringValue': 'blue'}})
batch = sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': str(n), 'MessageBody': 'by hand %d' % n} for n in range(2)])
heard = []
while len(heard) < 3:
    for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MaxNumberOfMessages=10,
            MessageAttributeNames=['All'])['Messages']:
        heard.append([message['Body'], {k: v['StringValue'] for k, v in message.get('MessageAttributes', {}).items()}])
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
sns.unsubscribe(SubscriptionArn=subscription)
try:
    sqs.get_queue_url(QueueName='nobody')
except sqs.exceptions.QueueDoesNotExist as error:
    missing = str(error)
try:
    sns.publish(TopicArn='${up.output('News')}-not', Message='?')
except sns.exceptions.NotFoundException as error:
    nowhere = str(error)
print(json.dumps({'url': url, 'sent': len(batch['Successful']), 'heard': sorted(heard), 'missing': missing, 'nowhere': nowhere}))
`)
    expect(seen).toEqual({
      // A queue's URL has the host by which it was asked for.
      url: up.output('Orders').replace(/(?<=\/\/)[^/]+/, new URL(endpoint).host),
      sent: 2,
      heard: [
        ['by a topic', { colour: 'blue' }],
        ['by hand 0', {}],
        ['by hand 1', {}],
      ],
      missing:
        'An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The specified queue does not exist.',
      nowhere: 'An error occurred (NotFound) when calling the Publish operation: Topic does not exist',
    })
  },
)

test.skipIf(!boto3)(
  'boto3 looks at mappings, APIs, stacks and logs, by pages where there are pages',
  async () => {
    const seen = await python(`
lambdas, gateway, formation, logs = [boto3.client(name) for name in ('lambda', 'apigatewayv2', 'cloudformation', 'logs')]
mapping = lambdas.list_event_source_mappings(EventSourceArn='${up.output('WorkArn')}')['EventSourceMappings'][0]
pages = gateway.get_paginator('get_routes').paginate(ApiId='${up.output('ApiId')}')
stage = gateway.get_stage(ApiId='${up.output('ApiId')}', StageName='live')
try:
    formation.describe_stacks(StackName='nobody')
except formation.exceptions.ClientError as error:
    nobody = str(error)
stack = formation.describe_stacks()['Stacks'][0]
resources = [r['ResourceType'] for page in formation.get_paginator('list_stack_resources').paginate(StackName=stack['StackName'])
    for r in page['StackResourceSummaries']]
groups = [g['logGroupName'] for page in logs.get_paginator('describe_log_groups').paginate() for g in page['logGroups']]
print(json.dumps({
    'mapping': [mapping['State'], mapping['LastModified'].year > 2000],
    'routes': [r['RouteKey'] for page in pages for r in page['Items']],
    'stage': [stage['StageName'], stage['CreatedDate'].tzinfo is not None],
    'stack': [stack['StackStatus'], stack['CreationTime'].year > 2000],
    'queues': resources.count('AWS::SQS::Queue'),
    'groups': groups,
    'nobody': nobody,
}))
`)
    expect(seen).toEqual({
      mapping: ['Enabled', true],
      routes: ['ask'],
      stage: ['live', true],
      stack: ['CREATE_COMPLETE', true],
      queues: 2,
      groups: expect.arrayContaining([up.output('WorkerLogName')]),
      nobody:
        'An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id nobody does not exist',
    })
  },
)
