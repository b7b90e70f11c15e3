import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { duration } from './duration.ts'
import type { LocalCloud } from './entry.cjs'
import { localCloud } from './local-cloud.ts'

const folder = mkdtempSync(join(tmpdir(), 'wslab-testing-'))
let empty: LocalCloud
beforeAll(async () => {
  empty = await localCloud()
})
afterAll(async () => {
  await empty.stop()
  rmSync(folder, { recursive: true, force: true })
})

const wrong: readonly (readonly [unknown, RegExp])[] = [
  ['cdk.out', /localCloud takes an object, such as \{ assembly: 'cdk.out' \}/],
  [{ asembly: 'cdk.out' }, /no option asembly\. Did you mean assembly\?/],
  [{ assembly: '' }, /assembly takes a text/],
  [{ assembly: join(folder, 'nowhere') }, /There is no folder .*nowhere\. `npx cdk synth` writes one/],
  [{ assembly: folder, app: { synth() {} } }, /give one of assembly and app/],
  [{ app: {} }, /app takes a CDK App/],
  [{ stack: 'Chat' }, /stack takes a CDK Stack\. To choose stacks by name, use stacks/],
  [{ assembly: folder, stacks: 'Chat' }, /stacks takes a list of names/],
  [{ stacks: ['Chat'] }, /go with something to deploy/],
  [{ port: 80 }, /port takes a number from 1024 to 65535/],
  [{ account: '12' }, /account takes twelve digits/],
  [{ region: 'Europe' }, /region takes a region such as eu-central-1/],
  [{ patience: 0 }, /patience takes milliseconds/],
]

test.for(wrong)('%j is refused in words', async ([options, words]) => {
  await expect(localCloud(options as object)).rejects.toThrow(words)
})

test('a folder that is no assembly, and a stack that is not there, are said', async () => {
  await expect(localCloud({ assembly: folder })).rejects.toThrow(/^It did not come up: .*manifest\.json/)
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '36.0.0', artifacts: {} }))
  await expect(localCloud({ assembly: folder })).rejects.toThrow(/There are no stacks/)
  const artifacts = { Chat: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Chat.json' } } }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '36.0.0', artifacts }))
  writeFileSync(
    join(folder, 'Chat.json'),
    JSON.stringify({ Resources: { Fleet: { Type: 'AWS::EKS::Cluster' } } }),
  )
  await expect(localCloud({ assembly: folder, stacks: ['Chess'] })).rejects.toThrow(
    /There is no stack Chess in the assembly\. It has Chat\./,
  )
  await expect(localCloud({ assembly: folder })).rejects.toThrow(
    /AWS::EKS::Cluster[\s\S]*skipUnsupported: true/,
  )
})

test('a stage that is not there is said, and a connect option that does not exist', async () => {
  await expect(empty.connect('live')).rejects.toThrow('There is no WebSocket API with a stage in this cloud.')
  await expect(empty.connect('https://example.com')).rejects.toThrow(/no address of a WebSocket/)
  await expect(empty.connect('wss://example.com/live')).rejects.toThrow(
    /example\.com is no API of this cloud/,
  )
  await expect(empty.connect('live', { protocols: ['a'] } as object)).rejects.toThrow(
    /connect has no option protocols\. Did you mean subprotocols\?/,
  )
  await expect(empty.connect('live', { query: { name: null } } as object)).rejects.toThrow(/name is null/)
  expect(() => empty.aws({} as never)).toThrow(/aws takes a class of clients/)
})

test.for([
  ['10 minutes', 600_000],
  ['1 minute', 60_000],
  ['90s', 90_000],
  ['1.5 hours', 5_400_000],
  ['2 days', 172_800_000],
  ['250 ms', 250],
  [1234, 1234],
] as const)('%s is %d milliseconds', ([time, ms]) => {
  expect(duration(time)).toBe(ms)
})

test.for([['soon'], ['10'], ['-5 minutes'], [-1], [Number.NaN], [undefined], ['3 fortnights']])(
  '%s is no time',
  ([time]) => {
    expect(() => duration(time)).toThrow(/advance takes a time such as '10 minutes'/)
  },
)

test('a stopped cloud says so, and can be stopped again', async () => {
  const cloud = await localCloud()
  await Promise.all([cloud.stop(), cloud.stop()])
  await cloud[Symbol.asyncDispose]()
  await expect(cloud.connect()).rejects.toThrow('This cloud has been stopped.')
  await expect(cloud.advance('1 s')).rejects.toThrow('This cloud has been stopped.')
})
