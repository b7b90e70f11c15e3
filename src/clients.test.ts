import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
  const { stdout } = await run('aws', [...args, '--output', 'json'], { env, timeout: 30_000 })
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
  const { stdout } = await run('python3', ['-c', script], { env, timeout: 30_000 })
  expect(JSON.parse(stdout)).toEqual({ 'dynamodb:Scan': 'allowed', 'dynamodb:DeleteTable': 'implicitDeny' })
})
