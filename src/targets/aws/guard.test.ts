import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DeployFailed, type Origin } from '#kit'
import { refuseLeftovers } from './guard.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-guard-'))
afterAll(() => rmSync(root, { recursive: true }))

/** What is refused of a template, or undefined. */
function refusal(Resources: object, origins: readonly Origin[] = []): DeployFailed | undefined {
  const directory = mkdtempSync(join(root, 'out-'))
  const artifacts = { Chat: { type: 'aws:cloudformation:stack', properties: { templateFile: 'chat.json' } } }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }))
  writeFileSync(join(directory, 'chat.json'), JSON.stringify({ Resources }))
  try {
    refuseLeftovers({ directory, stackName: 'Chat', origins })
    return undefined
  } catch (error) {
    if (error instanceof DeployFailed) return error
    throw error
  }
}

const logs = { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 1 }, DeletionPolicy: 'Delete' }
const say = (Properties: object = { LoggingConfig: { LogGroup: { Ref: 'Logs' } } }) => ({
  Type: 'AWS::Lambda::Function',
  Properties,
})

test('a table that stays is refused with its line, by either policy', () => {
  const origin = { logicalId: 'Room', type: 'AWS::DynamoDB::Table', path: 'Chat/Room', line: 'stack.ts:31' }
  const kept = { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }
  expect(refusal({ Room: kept }, [origin])).toMatchObject({
    logicalId: 'Room',
    reason:
      'Not deployed to AWS: Room (AWS::DynamoDB::Table, stack.ts:31): it stays when the stack goes (DeletionPolicy Retain).',
  })
  for (const DeletionPolicy of ['RetainExceptOnCreate', 'Snapshot'])
    expect(refusal({ Room: { ...kept, DeletionPolicy } })?.reason).toContain(DeletionPolicy)
  expect(refusal({ Room: { ...kept, DeletionPolicy: 'Delete' } })?.reason).toContain(
    'it stays when it is replaced (UpdateReplacePolicy Retain)',
  )
  expect(
    refusal({ Room: { ...kept, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' } }),
  ).toBeUndefined()
})

test('a custom resource is refused, by either type', () => {
  for (const Type of ['Custom::S3AutoDeleteObjects', 'AWS::CloudFormation::CustomResource'])
    expect(refusal({ Empty: { Type } })?.reason).toContain(`Empty (${Type}): a custom resource runs code`)
})

test('a function without a log group that expires is refused', () => {
  expect(refusal({ Say: say({}) })?.reason).toContain('it has no log group of its own')
  expect(refusal({ Say: say({ LoggingConfig: { LogFormat: 'JSON' } }) })?.reason).toContain('no log group')
  expect(refusal({ Say: say(), Logs: { ...logs, Properties: {} } })?.reason).toContain('has no retention')
  expect(refusal({ Say: say(), Logs: logs })).toBeUndefined()
})

test('a log group may be the function’s by its name, too', () => {
  const named = (LogGroupName: unknown) => ({ ...logs, Properties: { RetentionInDays: 1, LogGroupName } })
  for (const name of [
    { 'Fn::Join': ['', ['/aws/lambda/', { Ref: 'Say' }]] },
    { 'Fn::Sub': '/aws/lambda/${Say}' },
  ])
    expect(refusal({ Say: say({}), Logs: named(name) })).toBeUndefined()
  expect(refusal({ Say: say({ FunctionName: 'say' }), Logs: named('/aws/lambda/say') })).toBeUndefined()
  expect(refusal({ Say: say({ LoggingConfig: { LogGroup: 'hall' } }), Logs: named('hall') })).toBeUndefined()
  expect(refusal({ Say: say({ FunctionName: 'say' }), Logs: named('/aws/lambda/other') })).toBeDefined()
})

test('every leftover is named, the first as the reason', () => {
  const { reason, evidence } = refusal({ Say: say({}), Empty: { Type: 'Custom::Empty' } })!
  expect([reason, ...evidence]).toEqual([
    expect.stringMatching(/^Not deployed to AWS: Say /),
    expect.stringMatching(/^Empty \(Custom::Empty\): /),
  ])
})

test('an assembly that cannot be read is the stack’s fault', () => {
  const assembly = { directory: join(root, 'nowhere'), stackName: 'Chat', origins: [] }
  expect(() => refuseLeftovers(assembly)).toThrow(DeployFailed)
})
