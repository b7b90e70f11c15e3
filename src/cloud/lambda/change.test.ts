import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { doorForTests } from './door.fixture.ts'
import { lambdaForTests } from './lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let door: Awaited<ReturnType<typeof doorForTests>>
let client: LambdaClient
beforeAll(async () => {
  cloud = await lambdaForTests()
  door = await doorForTests(cloud)
  client = door.client()
})
afterAll(async () => {
  await door.stop()
  await cloud.stop()
})

const says = (word: string) => `exports.handler = async () => ${JSON.stringify(word)}`
const zipOf = (text: string) => zipSync({ 'index.js': strToU8(text) })
const asked = async (FunctionName: string, Qualifier?: string) => {
  const { Payload } = await client.send(new InvokeCommand({ FunctionName, Qualifier }))
  return JSON.parse(Buffer.from(Payload!).toString())
}

test('code is changed by a zip in the request, and by an object of a bucket', async () => {
  await cloud.make('swapped', says('one'))
  expect(await asked('swapped')).toBe('one')
  const sent = { FunctionName: 'swapped', ZipFile: zipOf(says('two')) }
  expect(await client.send(new UpdateFunctionCodeCommand(sent))).toMatchObject({
    FunctionName: 'swapped',
    LastUpdateStatus: 'Successful',
    Version: '$LATEST',
  })
  expect(await asked('swapped')).toBe('two')
  const asset = cloud.asset('third', { 'index.js': says('three') })
  await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'swapped', ...asset }))
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 30 }, { FunctionName: 'swapped' })
  expect(await asked('swapped')).toBe('three')
})

test('settings that are given change, and all others stay', async () => {
  await cloud.make('tuned', 'exports.handler = async () => process.env.WORD', {
    Environment: { Variables: { WORD: 'before' } },
    Timeout: 7,
  })
  expect(await asked('tuned')).toBe('before')
  const change = { FunctionName: 'tuned', Environment: { Variables: { WORD: 'after' } }, MemorySize: 256 }
  await client.send(new UpdateFunctionConfigurationCommand(change))
  expect(await asked('tuned')).toBe('after')
  const tuned = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'tuned' }))
  expect(tuned).toMatchObject({ Timeout: 7, MemorySize: 256, Environment: { Variables: { WORD: 'after' } } })
})

test('a stack that is deployed afterwards sets what its template says', async () => {
  const made = await cloud.make('back', says('template'))
  await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'back', ZipFile: zipOf(says('swapped')) }))
  const properties = {
    FunctionName: 'back',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: cloud.roleArn('writes-logs'),
    Code: { ZipFile: says('template again') },
  }
  await cloud.resource('AWS::Lambda::Function').update!(cloud.request('back', properties), {
    ...made,
    properties,
  })
  expect(await asked('back')).toBe('template again')
})

test('a version keeps its code, and an alias is moved to the new one', async () => {
  await cloud.make('versioned', says('one'))
  const first = await client.send(new PublishVersionCommand({ FunctionName: 'versioned' }))
  expect(first).toMatchObject({ Version: '1', FunctionArn: expect.stringMatching(/:versioned:1$/) })
  const again = await client.send(new PublishVersionCommand({ FunctionName: 'versioned' }))
  expect(again, 'nothing has changed since').toMatchObject({ Version: '1' })
  await cloud
    .resource('AWS::Lambda::Alias')
    .create(cloud.request('Alias', { FunctionName: 'versioned', Name: 'live', FunctionVersion: '1' }))
  const swapped = { FunctionName: 'versioned', ZipFile: zipOf(says('two')), Publish: true }
  expect(await client.send(new UpdateFunctionCodeCommand(swapped))).toMatchObject({ Version: '2' })
  expect(await asked('versioned', 'live')).toBe('one')
  const moved = { FunctionName: 'versioned', Name: 'live', FunctionVersion: '2' }
  expect(await client.send(new UpdateAliasCommand(moved))).toMatchObject({ FunctionVersion: '2' })
  expect(await asked('versioned', 'live')).toBe('two')
})

test.each([
  ['a function that there is none of', { FunctionName: 'nobody', ZipFile: zipOf('') }, /not found/i],
  ['what is no zip', { FunctionName: 'swapped', ZipFile: Buffer.from('no zip') }, /Could not unzip/],
  ['an image', { FunctionName: 'swapped', ImageUri: 'repo:tag' }, /container images are not run here/],
])('%s is refused, and nothing changes', async (_, input, words) => {
  await expect(client.send(new UpdateFunctionCodeCommand(input))).rejects.toThrow(words)
  expect(await asked('swapped')).toBe('three')
  expect(door.faults).toEqual([])
})

test('settings that AWS refuses are refused in its words', async () => {
  const input = { FunctionName: 'tuned', Timeout: 901 }
  await expect(client.send(new UpdateFunctionConfigurationCommand(input))).rejects.toThrow(
    "Value '901' at 'timeout' failed to satisfy constraint",
  )
})

test('a setting that is not here is refused by its name', async () => {
  const input = { FunctionName: 'tuned', SnapStart: { ApplyOn: 'PublishedVersions' as const } }
  await expect(client.send(new UpdateFunctionConfigurationCommand(input))).rejects.toThrow(
    'SnapStart is not supported by this local cloud',
  )
})

test('someone without the permission changes nothing', async () => {
  const client = door.client(cloud.sts.issue(cloud.roleArn('writes-logs'), 'somebody'))
  await expect(
    client.send(new UpdateFunctionCodeCommand({ FunctionName: 'swapped', ZipFile: zipOf(says('mine')) })),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' })
})
