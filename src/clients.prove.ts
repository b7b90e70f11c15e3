import { execFile, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HANG } from './machine/bounds.ts'
import { reached } from './selfproof/reached.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { wscat } from './selfproof/wscat.ts'

const run = promisify(execFile)
const runs = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0
const awsCli = runs('aws', '--version')
const boto3 = runs('python3', '-c', 'import boto3')

let house: SecondHouse
let up: Awaited<ReturnType<typeof reached>>
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  house = secondHouse()
  up = await reached(house.start('up', 'lab2', '--solution'))
  const { endpoint, region, credentials } = up.client
  env = {
    PATH: process.env.PATH,
    HOME: house.directory,
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
  await wscat(up.url, '{"action":"sendMessage","text":"hello"}', /hello/)
})
afterAll(() => house.remove())

const aws = async (...args: string[]): Promise<any> => {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { env, timeout: HANG })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

test.skipIf(!awsCli)('the aws CLI, where it is installed, uses the lines that up prints', async () => {
  expect(await aws('sts', 'get-caller-identity')).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/learner',
  })
  expect(await aws('dynamodb', 'list-tables')).toEqual({ TableNames: [up.table] })
  const { Functions } = await aws('lambda', 'list-functions')
  expect(Functions).toHaveLength(3)
  const { logGroups } = await aws('logs', 'describe-log-groups')
  expect(logGroups.length).toBeGreaterThanOrEqual(3)
})

test.skipIf(!awsCli)(
  'the aws CLI describes a stack, an API and a function, calls it, and moves objects',
  async () => {
    const lambda = new LambdaClient(up.client)
    const gateway = new ApiGatewayV2Client(up.client)
    const { Functions: [{ FunctionName = '' }] = [{}] } = (await lambda.send(
      new ListFunctionsCommand({}),
    )) as any
    const { Items: [{ ApiId = '' }] = [{}] } = (await gateway.send(new GetApisCommand({}))) as any
    for (const client of [lambda, gateway]) client.destroy()
    const answer = join(house.directory, 'answer.json')
    const payload = '{"requestContext":{"connectionId":"x"}}'
    const [{ Stacks }, routes, found, called] = await Promise.all([
      aws('cloudformation', 'describe-stacks'),
      aws('apigatewayv2', 'get-routes', '--api-id', ApiId),
      aws('lambda', 'get-function', '--function-name', FunctionName),
      aws('lambda', 'invoke', '--function-name', FunctionName, '--payload', payload, answer),
    ])
    expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }])
    expect(routes.Items.map(({ RouteKey }: { RouteKey: string }) => RouteKey)).toContain('$connect')
    expect(found).toMatchObject({ Configuration: { FunctionName, State: 'Active' } })
    expect(called).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(existsSync(answer)).toBe(true)

    const s3 = async (...args: string[]) => (await run('aws', ['s3', ...args], { env, timeout: HANG })).stdout
    const file = join(house.directory, 'page.html')
    writeFileSync(file, '<p>')
    await s3('mb', 's3://town-page')
    await s3('cp', file, 's3://town-page/site/index.html')
    expect(await s3('ls', 's3://town-page/site/')).toMatch(/ 3 index\.html/)
    await s3('rm', 's3://town-page', '--recursive')
    expect(await s3('rb', 's3://town-page')).toContain('remove_bucket: town-page')
  },
  // Nine programs in Python, one after the other, on a machine that has more to do.
)

test.skipIf(!awsCli)('a connection that is gone is GoneException to the aws CLI', async () => {
  const stage = up.url.replace(/^ws/, 'http')
  const post = [
    'apigatewaymanagementapi',
    'post-to-connection',
    '--endpoint-url',
    stage,
    '--connection-id',
    'AAAAAAAAAAAAAAA=',
    '--data',
    'aGk=',
  ]
  await expect(aws(...post)).rejects.toThrow(/\(GoneException\) when calling the PostToConnection operation/)
})

test.skipIf(!boto3)('boto3, where it is installed, asks IAM what a role may do', async () => {
  const script = `
import boto3, json
iam = boto3.client('iam')
role = next(r for r in iam.list_roles()['Roles'] if 'sendMessage' in r['RoleName'])
asked = iam.simulate_principal_policy(PolicySourceArn=role['Arn'], ActionNames=['dynamodb:Scan', 'dynamodb:DeleteTable'],
    ResourceArns=['arn:aws:dynamodb:us-east-1:123456789012:table/${up.table}'])
print(json.dumps({r['EvalActionName']: r['EvalDecision'] for r in asked['EvaluationResults']}))
`
  const { stdout } = await run('python3', ['-c', script], { env, timeout: HANG })
  expect(JSON.parse(stdout)).toEqual({ 'dynamodb:Scan': 'allowed', 'dynamodb:DeleteTable': 'implicitDeny' })
})

test.skipIf(!boto3)('boto3 lists and describes everything that is up, and moves objects', async () => {
  const script = `
import boto3, json
stacks = boto3.client('cloudformation').describe_stacks()['Stacks']
functions = boto3.client('lambda')
name = sorted(f['FunctionName'] for f in functions.list_functions()['Functions'])[0]
called = functions.invoke(FunctionName=name, Payload=json.dumps({'requestContext': {'connectionId': 'x'}}))
called['Payload'].read()
tables = boto3.client('dynamodb')
gateway = boto3.client('apigatewayv2')
api = gateway.get_apis()['Items'][0]
sqs = boto3.client('sqs')
queue = sqs.create_queue(QueueName='errands')['QueueUrl']
sqs.send_message(QueueUrl=queue, MessageBody='hello')
heard = sqs.receive_message(QueueUrl=queue)['Messages'][0]['Body']
s3 = boto3.client('s3')
s3.create_bucket(Bucket='town-files')
s3.put_object(Bucket='town-files', Key='a b/c', Body=b'x' * 100, Metadata={'who': 'ana'})
read = s3.get_object(Bucket='town-files', Key='a b/c')
body = len(read['Body'].read())
listed = [o['Key'] for page in s3.get_paginator('list_objects_v2').paginate(Bucket='town-files') for o in page['Contents']]
boto3.resource('s3').Bucket('town-files').objects.all().delete()
s3.delete_bucket(Bucket='town-files')
ssm = boto3.client('ssm')
ssm.put_parameter(Name='/town/word', Value='hello', Type='String')
print(json.dumps({
  'stacks': [s['StackStatus'] for s in stacks],
  'function': functions.get_function(FunctionName=name)['Configuration']['State'],
  'called': called['StatusCode'],
  'table': tables.describe_table(TableName=tables.list_tables()['TableNames'][0])['Table']['TableStatus'],
  'stages': len(gateway.get_stages(ApiId=api['ApiId'])['Items']),
  'routes': '$connect' in [r['RouteKey'] for r in gateway.get_routes(ApiId=api['ApiId'])['Items']],
  'queues': len(sqs.list_queues()['QueueUrls']), 'heard': heard,
  'groups': len(boto3.client('logs').describe_log_groups()['logGroups']) >= 3,
  's3': [body, read['Metadata'], listed], 'buckets': s3.list_buckets()['Buckets'],
  'word': ssm.get_parameter(Name='/town/word')['Parameter']['Value'],
}))
`
  const { stdout } = await run('python3', ['-c', script], { env, timeout: HANG })
  expect(JSON.parse(stdout)).toEqual({
    stacks: ['CREATE_COMPLETE'],
    function: 'Active',
    called: 200,
    table: 'ACTIVE',
    stages: 1,
    routes: true,
    queues: 1,
    heard: 'hello',
    groups: true,
    s3: [100, { who: 'ana' }, ['a b/c']],
    buckets: [],
    word: 'hello',
  })
})
