import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { HANG } from './machine/bounds.ts'
import { knock } from './probe/client.ts'
import type { ConnectOptions } from './probe/people.ts'
import { startTranscript } from './probe/transcript.ts'
import { eventually } from './selfproof/processes.ts'
import { reached } from './selfproof/reached.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { synthApp } from './selfproof/synth-app.ts'
import { wscat } from './selfproof/wscat.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-house-assemblies-'))
let house: SecondHouse
let twoStacks: string
let pageBeside: string
beforeAll(async () => {
  house = secondHouse()
  twoStacks = await synthApp(root, 'two-stacks')
  pageBeside = await synthApp(root, 'page-beside')
})
afterAll(() => {
  house.remove()
  rmSync(root, { recursive: true })
})

/** `up --assembly`, and what it printed before it began to wait. */
async function up(directory: string, ...args: string[]) {
  const command = house.start('up', '--assembly', directory, ...args)
  onTestFinished(async () => {
    command.kill('SIGTERM')
    await command.ended
  })
  const said = await command.says(/Ctrl-C takes it all down/)
  const urls = [...said.matchAll(/wscat -c (\S+)/g)].map(([, url = '']) => url)
  return { command, said, urls, ...(await reached(command)) }
}

async function connect(url: string, name: string, options: ConnectOptions = {}) {
  const knocked = await knock(url, name, { query: { name }, ...options }, startTranscript(), HANG)
  if ('refused' in knocked) throw new Error(`${name} was refused with ${knocked.refused}`)
  return knocked.client
}

test('an app of two stacks, one importing from the other, comes up and chats', async () => {
  const { command, said, urls, client } = await up(twoStacks)
  expect(said).toMatch(/Rooms is up\.[\s\S]*Chat is up\./)
  expect(urls).toEqual([
    expect.stringMatching(/^ws:\/\/localhost:\d+\/live$/),
    expect.stringMatching(/^ws:\/\/localhost:\d+\/frozen$/),
  ])
  const [live = '', frozen = ''] = urls
  expect(said).toContain(`Url = ${live}\n`)
  expect(said).toContain(`Frozen = ${frozen}\n`)

  const ana = await connect(live, 'ana')
  const ben = await connect(live, 'ben')
  ana.send({ type: 'say', text: 'good evening' })
  await ben.hears({ stage: 'live', said: 'good evening' })
  await ana.hears({ stage: 'live', said: 'good evening' })
  await ana.hearsNothing(() => true)

  ana.send({ type: 'shout', text: 'from a layer' })
  await ana.hears('FROM A LAYER!')
  ana.send({ action: 'say', text: 'by another member' })
  await ana.hears({ message: 'Forbidden' })

  // A name is taken until its owner has left, whom the table's index finds by connection.
  const taken = await knock(live, 'cleo', { query: { name: 'ben' } }, startTranscript(), HANG)
  expect(taken).toEqual({ refused: 409 })
  await ben.leave()
  expect(
    await eventually(async () => {
      const knocked = await knock(live, 'cleo', { query: { name: 'ben' } }, startTranscript(), HANG)
      return 'client' in knocked
    }),
  ).toBe(true)

  const still = await connect(frozen, 'dora')
  still.send({ type: 'shout', text: 'a deployment made by hand' })
  await still.hears('A DEPLOYMENT MADE BY HAND!')
  expect(await wscat(`${live}?name=eve`, '{"type":"say","text":"from wscat"}', /from wscat/)).toContain(
    '{"stage":"live","said":"from wscat"}',
  )

  const [, TableName = ''] = /People\w+ = (Rooms-People\S+)/.exec(said) ?? []
  const { Table } = await new DynamoDBClient(client).send(new DescribeTableCommand({ TableName }))
  expect(Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'byConnection', IndexStatus: 'ACTIVE' }])
  command.kill('SIGINT')
  expect((await command.ended).code).toBe(0)
})

test('mappings, conditions and logRetention have had their say', async () => {
  const { command, urls, client } = await up(twoStacks, '--verbose')
  const ana = await connect(urls[0] ?? '', 'ana')
  ana.send({ type: 'shout', text: 'how large' })
  await command.says(/shout logs: REPORT .*Memory Size: 192 MB/)

  const { logGroups = [] } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}))
  const groups = logGroups.map(
    ({ logGroupName, retentionInDays = 0 }) => `${logGroupName} ${retentionInDays}`,
  )
  expect(groups).toContainEqual(expect.stringMatching(/^\/aws\/lambda\/Chat-say\w+-\w+ 7$/))
  expect(groups).toContainEqual(expect.stringMatching(/^Chat-Few-\w+ 0$/))
  expect(groups).not.toContainEqual(expect.stringContaining('Crowd'))
})

test('a function that may not write is denied, in AWS words, in its own log', async () => {
  const { command, urls } = await up(twoStacks)
  const ana = await connect(urls[0] ?? '', 'ana')
  ana.send({ type: 'vote' })
  await ana.hears({ message: 'Internal server error' })
  const said = await command.says(/vote logs: .*AccessDeniedException/)
  expect(said).toMatch(
    /AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role\/Chat-voteServiceRole\S+ is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table\/Rooms-People\S+ because no identity-based policy allows the dynamodb:PutItem action/,
  )
  await command.says(/✕ vote failed after .*: AccessDeniedException: User: /)
  expect(said).toMatch(/✕ vote is denied dynamodb:PutItem on table\/\S+: /)
})

test('a stack that asks for an account and a region gets them', async () => {
  const { said, urls, client } = await up(await synthApp(root, 'two-stacks', { region: 'eu-west-1' }))
  expect(client.region).toBe('eu-west-1')
  expect(said).toContain('arn:aws:dynamodb:eu-west-1:111122223333:table/Rooms-People')
  const ana = await connect(urls[0] ?? '', 'ana')
  ana.send({ type: 'say', text: 'from Dublin' })
  await ana.hears({ said: 'from Dublin' })
})

test('--region and --account put an app elsewhere that names no place', async () => {
  const { said, client } = await up(twoStacks, '--region', 'eu-west-1', '--account', '222233334444')
  expect(client.region).toBe('eu-west-1')
  expect(said).toContain('arn:aws:dynamodb:eu-west-1:222233334444:table/Rooms-People')
})

test('what the local cloud does not have is refused, all of it at once, before anything starts', async () => {
  const { code, stdout, stderr } = await house.run('up', '--assembly', pageBeside)
  const lines = stderr.split('\n').map(line => line.trim().replace(/[0-9A-F]{8}(?=:)/, ''))
  expect(lines).toEqual(
    expect.arrayContaining([
      'Lobby/Seal: AWS::KMS::Key',
      'Lobby/Audit: AWS::Lambda::Function (Runtime ruby3.3 is not run here: only Node.js and Python 3 are)',
      'Lobby/Nightly: AWS::Lambda::Function (FileSystemConfigs)',
    ]),
  )
  expect(stderr).toMatch(/Nothing has been started/)
  expect(stderr).toMatch(/--skip-unsupported/)
  // What only stands beside the chat is in nobody's way.
  expect(stderr).not.toMatch(/Site|Upload|Where|Echo|AWS::ApiGatewayV2|\n\s+at /)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('with --strict what only stands beside the chat is refused as well', async () => {
  const { code, stderr } = await house.run('up', '--assembly', pageBeside, '--strict')
  expect(stderr).toMatch(/Lobby\/Site\w+: AWS::CloudFront::Distribution\n/)
  expect(stderr).toMatch(/Lobby\/UploadCustomResource\w+: Custom::CDKBucketDeployment\n/)
  expect(code).toBe(1)
})

test('with --skip-unsupported the chat runs without it, and what was left out is listed', async () => {
  const { command, said, urls } = await up(pageBeside, '--skip-unsupported')
  expect(said).toMatch(
    /left out: Lobby\/Site\w+: AWS::CloudFront::Distribution is accepted, and not run here\n/,
  )
  expect(said).toMatch(/left out: Lobby\/UploadCustomResource\w+: Custom::CDKBucketDeployment\n/)
  expect(said).toMatch(/PageUrl = https:\/\/\w+\.cloudfront\.net\n/)
  expect(said).toMatch(/left out: Lobby\/Apiaudit\w+: AWS::ApiGatewayV2::Route, refers to \w+\n/)
  expect(said).toMatch(/left out: Lobby\/EchoServiceRole\w+: a statement about Seal\w+\n/)
  expect(said).toMatch(/Words is up/)
  expect(said).not.toMatch(/left out: \S*Echo\w+: AWS::Lambda::Function|left out: \S*Apiecho/)
  expect(urls).toHaveLength(1)

  const ana = await connect(urls[0] ?? '', 'ana')
  ana.send({ action: 'echo', text: 'is anybody there' })
  await ana.hears('is anybody there')
  ana.send({ action: 'audit' })
  await ana.hears({ message: 'Forbidden' })
  ana.send({ action: 'speak' })
  await command.says(
    /Speak failed after .*: Runtime\.ImportModuleError: .* — AWS's runtime has @aws-sdk\/client-polly; this installation has not/,
  )
})

test('--stack takes one stack and what it needs, and no other', async () => {
  const chat = await up(twoStacks, '--stack', 'Chat')
  expect(chat.said).toMatch(/Rooms is up\.[\s\S]*Chat is up\./)
  const rooms = await up(twoStacks, '--stack', 'Rooms')
  expect(rooms.said).not.toContain('Chat')
  expect(rooms.urls).toEqual([])
  // The other stacks have what is not to be had here; this one has not.
  expect((await up(pageBeside, '--stack', 'Bare')).said).toMatch(/Bare is up/)
})

test('where nothing is left to run, that is said: exit code 1', async () => {
  const { code, stderr } = await house.run(
    'up',
    '--assembly',
    await synthApp(root, 'page-only'),
    '--skip-unsupported',
  )
  expect(stderr).toMatch(/nothing left that the local cloud can run\.\n {2}Page\/\w+: AWS::KMS::Key\n/)
  expect(code).toBe(1)
})

test.for([
  [
    'a stack that is not there',
    () => [twoStacks, '--stack', 'Chta'],
    /no stack Chta in the assembly\. It has Rooms, Chat\./,
  ],
  ['a folder that is not there', () => [join(root, 'nowhere')], /There is no folder .*nowhere/],
  ['a folder that is no assembly', () => [root], /no manifest\.json in .*`cdk synth` makes one/],
  ['a file', () => [join(twoStacks, 'manifest.json')], /is a file; a cloud assembly is a folder/],
] as const)('%s is wrong usage: exit code 3, and a sentence', async ([, args, words]) => {
  const { code, stdout, stderr } = await house.run('up', '--assembly', ...args())
  expect(stderr).toMatch(words)
  expect(stderr).not.toMatch(/\n\s+at |our fault/)
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
})
