import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reached } from './selfproof/reached.ts'
import { type Running, type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { readSnapshot } from './state/folder.ts'
import { chatStack } from './testing/chat.fixture.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'wslab-state-')))
const assembly = join(root, 'cdk.out')
const seed = join(root, 'seed.yaml')
const state = join(root, 'state')
let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
  ;(chatStack(assembly).node.root as any).synth()
  writeFileSync(seed, 'tables:\n  Connections:\n    - { id: row-1, name: nobody }\n')
})
afterAll(async () => {
  await house.remove()
  rmSync(root, { recursive: true, force: true })
})

const up = (...more: string[]): Running =>
  house.start('up', '--assembly', assembly, '--state', state, ...more)
const rows = async (running: Running): Promise<readonly (string | undefined)[]> => {
  const { table, client } = await reached(running)
  const tables = new DynamoDBClient(client)
  const { Items = [] } = await tables.send(new ScanCommand({ TableName: table }))
  tables.destroy()
  return Items.map(({ id }) => id?.S).sort()
}
const put = async (running: Running, id: string): Promise<void> => {
  const { table, client } = await reached(running)
  const tables = new DynamoDBClient(client)
  await tables.send(new PutItemCommand({ TableName: table, Item: { id: { S: id } } }))
  tables.destroy()
}
const kept = () =>
  Object.values(readSnapshot(state).tables)[0]
    ?.map(({ id }) => id.S)
    .sort()

test('up begins with a seed, keeps what changes, and goes on with it, also after it was killed', async () => {
  const first = up('--seed', seed)
  expect(await rows(first)).toEqual(['row-1'])
  await put(first, 'row-2')
  first.kill('SIGINT')
  expect((await first.ended).code).toBe(0)
  expect(kept()).toEqual(['row-1', 'row-2'])
  expect(readdirSync(state).sort()).toEqual(['objects', 'state.json'])

  const second = up('--seed', seed)
  expect(await rows(second)).toEqual(['row-1', 'row-2'])
  const { code, stderr } = await up().ended
  expect(stderr).toMatch(/in use by another local cloud, in process \d+/)
  expect(code).toBe(3)
  await put(second, 'row-3')
  await expect.poll(kept).toEqual(['row-1', 'row-2', 'row-3'])
  second.kill('SIGKILL')
  await second.ended

  const third = up()
  expect(await rows(third)).toEqual(['row-1', 'row-2', 'row-3'])
  third.kill('SIGINT')
  await third.ended
})

test('a bad seed, and a state without a stack, are wrong usage', async () => {
  writeFileSync(seed, 'tables:\n  Conections:\n    - { id: row-1 }\n')
  const bad = await house.run('up', '--assembly', assembly, '--seed', seed)
  expect(bad.stderr).toContain(
    `${seed}:3, tables.Conections[0]: there is no table Conections. Did you mean Connections?`,
  )
  expect(bad.code).toBe(3)
  const empty = await house.run('up', '--state', state)
  expect(empty.stderr).toContain('--seed and --state go with a lab or --assembly')
  expect(empty.code).toBe(3)
  expect(house.leftovers()).toEqual([])
})
