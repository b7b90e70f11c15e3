import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { StackFailed } from './cloud/cloudformation/stacks.ts'
import { startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { knock } from './probe/client.ts'
import { startTranscript } from './probe/transcript.ts'
import { synthApp } from './selfproof/synth-app.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-house-updates-'))
const guardian = startGuardian()
let cloud: Cloud
let versions: readonly string[]
beforeAll(async () => {
  versions = await Promise.all(['1', '2', '3'].map(version => synthApp(root, 'growing', { version })))
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

const deploy = (version: number) => cloud.deploy(versions[version - 1]!)

/** The stack as it is, its outputs as they are reached from here. */
function growing() {
  const { status, outputs, resources } = cloud.stacks.describe('Growing')
  const output = (name: string) => cloud.toLocal(outputs.find(({ key }) => key === name)?.value ?? '')
  return { status, output, physicalIds: resources.map(({ physicalId }) => physicalId).sort() }
}

async function answers(message: string): Promise<unknown> {
  const knocked = await knock(growing().output('Url'), 'ana', {}, startTranscript(), HANG)
  if ('refused' in knocked) throw new Error(`refused with ${knocked.refused}`)
  knocked.client.send(message)
  const heard = await knocked.client.hears(() => true)
  await knocked.client.leave()
  return heard
}

test('a stack deployed again is updated, what need not be replaced stays, and a failed update is taken back', async () => {
  const dynamodb = new DynamoDBClient({
    endpoint: cloud.endpoint,
    region: cloud.account.region,
    credentials: cloud.credentials,
  })
  await deploy(1)
  const first = growing()
  expect(first.status).toBe('CREATE_COMPLETE')
  expect(await answers('{"action":"more"}')).toEqual({ version: '1', routeKey: '$default' })
  const Item = { id: { S: 'kept' } }
  await dynamodb.send(new PutItemCommand({ TableName: first.output('NotesTable'), Item }))

  await deploy(2)
  const second = growing()
  expect(second.status).toBe('UPDATE_COMPLETE')
  expect(await answers('{"action":"more"}')).toEqual({ version: '2', routeKey: 'more' })
  // The API and one table are the same, the other table has another key and so is another.
  expect(second.output('Url')).toBe(first.output('Url'))
  expect(second.output('NotesTable')).toBe(first.output('NotesTable'))
  expect(second.output('VisitsTable')).not.toBe(first.output('VisitsTable'))
  const table = (TableName: string) => dynamodb.send(new DescribeTableCommand({ TableName }))
  expect((await table(second.output('NotesTable'))).Table?.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'byAuthor' },
  ])
  expect((await table(second.output('VisitsTable'))).Table?.KeySchema).toMatchObject([
    { AttributeName: 'week' },
  ])
  await expect(table(first.output('VisitsTable'))).rejects.toThrow(/not found/)
  const kept = await dynamodb.send(new GetItemCommand({ TableName: second.output('NotesTable'), Key: Item }))
  expect(kept.Item).toEqual(Item)

  await deploy(2)
  expect(growing()).toMatchObject({ status: 'UPDATE_COMPLETE', physicalIds: second.physicalIds })

  const failure = await deploy(3).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StackFailed)
  expect(failure).toMatchObject({
    stackName: 'Growing',
    logicalId: expect.stringMatching(/^Late/),
    type: 'AWS::Lambda::Function',
    reason: expect.stringMatching(/never-made:1 does not exist/),
  })
  expect((failure as StackFailed).events.map(({ resourceStatus }) => resourceStatus)).toEqual(
    expect.arrayContaining(['UPDATE_IN_PROGRESS', 'CREATE_FAILED', 'UPDATE_ROLLBACK_COMPLETE']),
  )
  expect(growing()).toMatchObject({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    physicalIds: second.physicalIds,
  })
  expect(await answers('{"action":"more"}')).toEqual({ version: '2', routeKey: 'more' })
})
