import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CloudEvent } from './cloud/events.ts'
import { type BorrowedAccount, borrowAccount } from './selfproof/borrowed-account.ts'
import { alive, descendants, eventually } from './selfproof/processes.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

// The commands, as somebody with an account types them. The account is a local cloud, which they reach by an endpoint
// alone; whatever would leave this machine is refused, and written down.

// Several commands each, on a machine that does much else.

let account: BorrowedAccount
let house: SecondHouse
let s3: S3Client
beforeAll(async () => {
  account = await borrowAccount()
  // The profile itself says where to go: the CDK does not read that there, and would call AWS.
  writeFileSync(
    join(account.home, '.aws', 'config'),
    `[profile mine]\nendpoint_url = ${account.cloud.endpoint}\n`,
  )
  house = secondHouse({ env: { ...account.env, AWS_ENDPOINT_URL: undefined } })
  const { endpoint, credentials } = account.cloud
  s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true })
})
afterAll(async () => {
  s3.destroy()
  await house.remove()
  await account.stop()
})

const onAws = ['--target', 'aws', '--profile', 'mine', '--yes']
const stackName = 'wslab-lab1-missing-route-learner'

const stacks = () => account.cloud.stacks.list().map(stack => stack.stackName)
const buckets = async () => (await s3.send(new ListBucketsCommand({}))).Buckets ?? []
const notes = () => {
  try {
    return readdirSync(join(house.directory, '.wslab', 'aws'))
  } catch {
    return []
  }
}
async function nothingIsLeft() {
  expect(stacks()).toEqual([])
  expect(await buckets()).toEqual([])
  expect(notes()).toEqual([])
}

/** Resolves with the first event that fits. */
const seen = (fits: (event: CloudEvent) => boolean) =>
  new Promise<void>(resolve => {
    const stop = account.cloud.events.subscribe(event => {
      if (!fits(event)) return
      stop()
      resolve()
    })
  })

test('what leaves this machine is refused and written down, or this test would prove nothing', () => {
  const tried = [
    `fetch('https://sts.us-east-1.amazonaws.com').catch(() => {})`,
    `require('node:net').connect(80, '192.0.2.1').on('error', () => {})`,
    `require('node:dns').lookup('example.com', () => {})`,
  ].join(';')
  spawnSync(process.execPath, ['-e', tried], { env: account.env })
  const lines = account.strayed()
  rmSync(join(account.home, 'strayed.log'))
  expect(lines.map(line => line.replace(/.*?: /, '')).sort()).toEqual([
    '192.0.2.1:80',
    'sts.us-east-1.amazonaws.com, by its name',
    'the name example.com',
  ])
})

test('nobody deploys without a yes, and what keeps us out is exit code 2, in the document too', async () => {
  const silent = await house.run('check', 'lab1', '--target', 'aws', '--profile', 'mine')
  expect(silent).toMatchObject({ code: 3, stdout: '' })
  expect(silent.stderr).toMatch(
    /^Account 123456789012, us-east-1, as arn:aws:iam::123456789012:user\/learner\.\nEverything goes to http[^\n]*\nTo be made: wslab-lab1-missing-route-learner, and a bucket[\s\S]*An hour of a lab costs about \$0\.014[\s\S]*Add --yes to go on/,
  )
  const unknown = await house.run('check', 'lab1', '--target', 'aws', '--profile', 'yours', '--json')
  expect(unknown.code).toBe(2)
  expect(JSON.parse(unknown.stdout)).toMatchObject({
    target: 'aws',
    verdict: 'error',
    criteria: [{ id: 'the-check-itself', observed: expect.stringContaining('There is no profile "yours"') }],
  })
  await nothingIsLeft()
})

test('a starter is kept up, found by the doctor, and destroyed', async () => {
  const { code, stdout } = await house.run('check', 'lab1', ...onAws, '--keep', '--attendee', 'Ana Silva')
  expect(stdout).toMatch(
    /Not fixed yet[\s\S]*wslab-lab1-missing-route-ana-silva stays up[\s\S]*npx wscat -c wss:\/\/\w+\.execute-api/,
  )
  expect(code).toBe(1)
  const way = /npm run destroy -- (.*)/.exec(stdout)?.[1]?.split(' ') ?? []
  expect(notes()).toEqual(['123456789012-us-east-1-wslab-lab1-missing-route-ana-silva.json'])

  const doctor = await house.run('doctor', '--target', 'aws', '--profile', 'mine', '--attendee', 'ana-silva')
  expect(doctor.stdout).toMatch(
    /✓ the CDK +2\.1148\.1[\s\S]*✓ the account +123456789012, us-east-1, at http[\s\S]*up, and costing: wslab-lab1-missing-route-ana-silva/,
  )
  expect(doctor.stdout).toMatch(
    /What ana-silva may be allowed in 123456789012, us-east-1, [\s\S]*"Statement": \[[\s\S]*:stack\/wslab-lab1-missing-route-ana-silva\/\*"/,
  )

  const { stackName } = account.cloud.stacks.list()[0]!
  expect(account.cloud.stacks.describe(stackName).tags).toMatchObject({
    wslab: 'true',
    'wslab:attendee': 'ana-silva',
    'wslab:expires': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  })
  const gone = await house.run('destroy', ...way)
  // As it is shown in the docs, but for the names.
  const shown = gone.stdout
    .replace('user/learner', 'user/ana')
    .replaceAll('ana-silva', 'ana')
    .replace(/ana-[0-9a-f]{6}/, 'ana-0a1b2c')
  expect(readFileSync(join(house.directory, 'docs/aws.md'), 'utf8')).toContain(`\n${shown}\`\`\``)
  expect(gone.code).toBe(0)
  await nothingIsLeft()
})

/** A hand-in: lab 1's starter with something added to its stack. */
function handIn(name: string, code: string): string {
  const directory = join(house.directory, name)
  mkdirSync(directory)
  cpSync(join(house.directory, 'starter/lab1-missing-route/stack.ts'), join(directory, 'stack.ts'))
  const stack = readFileSync(join(directory, 'stack.ts'), 'utf8')
  const output = '    new CfnOutput('
  writeFileSync(join(directory, 'stack.ts'), stack.replace(output, `    ${code}\n${output}`))
  return name
}

test('a stack that would leave something behind is the stack’s fault, and nothing is made', async () => {
  const kept = handIn('kept', `new LogGroup(this, 'Kept', { retention: RetentionDays.ONE_DAY })`)
  const begun = account.cloud.events.history().at(-1)?.id ?? 0
  const { code, stdout } = await house.run('check', 'lab1', '--from', kept, '--trusted', ...onAws, '--json')
  expect(JSON.parse(stdout).criteria[0]).toMatchObject({
    id: 'deploys',
    verdict: 'fail',
    observed: expect.stringMatching(
      /^Not deployed to AWS: Kept\w+ \(AWS::Logs::LogGroup, kept\/stack\.ts:\d+\): it stays/,
    ),
    where: expect.stringMatching(/^kept\/stack\.ts:\d+$/),
  })
  expect(code).toBe(1)
  const asked = account.cloud.events
    .history()
    .filter(event => event.id > begun && event.kind === 'decision')
    .map(event => ('action' in event ? event.action : ''))
  expect(asked.filter(action => /Create|Put/.test(action))).toEqual([])
  await nothingIsLeft()
})

test('a stack that fails is told with its resource, reason and line, and is cleared away', async () => {
  const twins = handIn(
    'twins',
    `for (const id of ['One', 'Two']) new LogGroup(this, id, { logGroupName: 'same', retention: RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY })`,
  )
  const { code, stdout } = await house.run('check', 'lab1', '--from', twins, '--trusted', ...onAws, '--json')
  expect(JSON.parse(stdout).criteria[0]).toMatchObject({
    id: 'deploys',
    verdict: 'fail',
    observed: expect.stringMatching(
      /^wslab-lab1-missing-route-learner\/(One|Two)\w+ \(AWS::Logs::LogGroup\): .*already exists/,
    ),
    where: expect.stringMatching(/^twins\/stack\.ts:\d+$/),
  })
  expect(code).toBe(1)
  await nothingIsLeft()
})

test('a deployment that is killed is finished by destroy, from the notes', async () => {
  const begins = seen(event => event.kind === 'resource' && event.stackName === stackName)
  const check = house.start('check', 'lab1', ...onAws)
  await begins
  const children = descendants(check.pid)
  check.kill('SIGKILL')
  expect((await check.ended).signal).toBe('SIGKILL')
  // The CDK does not go on without us.
  expect(await eventually(() => children.every(pid => !alive(pid)))).toBe(true)
  expect(notes()).toEqual([`123456789012-us-east-1-${stackName}.json`])

  const { code, stdout } = await house.run('destroy', '--all')
  expect(stdout).toContain(`deleted          stack ${stackName}`)
  expect(code).toBe(0)
  await nothingIsLeft()
})

test('a bucket that was just made when we were killed is removed, though it bears no tag', async () => {
  const begins = seen(event => event.kind === 'decision' && event.action === 's3:CreateBucket')
  const check = house.start('check', 'lab1', ...onAws)
  await begins
  check.kill('SIGKILL')
  await check.ended
  expect(await eventually(async () => (await buckets()).length === 1)).toBe(true)
  const { code, stdout } = await house.run('destroy', 'lab1')
  expect(stdout).toContain('deleted          bucket wslab-123456789012-us-east-1-learner-')
  expect(code).toBe(0)
  await nothingIsLeft()
})

test('an interrupted check clears away what it has made, and says how to be sure', async () => {
  const check = house.start('check', 'lab1', ...onAws)
  await check.says(/✓ A client can connect/)
  check.kill('SIGINT')
  const { code, stderr } = await check.ended
  expect(stderr).toContain(
    `${stackName} is being removed. To be sure that nothing stays: npm run destroy -- lab1`,
  )
  expect(code).toBe(130)
  await nothingIsLeft()
})

test('nothing has left this machine', () => {
  expect(account.strayed()).toEqual([])
})
