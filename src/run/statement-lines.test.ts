import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Origin } from '#kit'
import { startGuardian } from '../cloud/guardian.ts'
import { lineOfGrant } from './line-of-grant.ts'
import { originsIn } from './origins.ts'
import type { Source } from './source.ts'
import { warmSynth } from './warm-synth.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())

const stack = `
import { Stack } from 'aws-cdk-lib'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { AnyPrincipal, CfnPolicy, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
export class Granted extends Stack {
  constructor(...given: ConstructorParameters<typeof Stack>) {
    super(...given)
    const table = new Table(this, 'Rows', { partitionKey: { name: 'id', type: AttributeType.STRING } })
    const assumedBy = new ServicePrincipal('lambda.amazonaws.com')
    const [one, two] = ['One', 'Two'].map(id => new Role(this, id, { assumedBy })) as [Role, Role]
    table.grantReadData(one) // reads of one
    table.grantReadData(two) // reads of two
    one.addToPolicy(
      new PolicyStatement({ actions: ['sqs:*'], resources: ['*'] }), // a statement made here
    )
    const reads = (bucket: string) => new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket] })
    one.addToPolicy(reads('arn:aws:s3:::a/*')) // a
    one.addToPolicy(reads('arn:aws:s3:::b/*')) // b
    new ManagedPolicy(this, 'Managed', {
      roles: [two],
      statements: [
        new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }), // sns
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] }), // sqs
      ],
    })
    new Role(this, 'Three', {
      assumedBy,
      inlinePolicies: {
        Own:
          new PolicyDocument({
            statements: [new PolicyStatement({ actions: ['logs:*'], resources: ['*'] })], // logs
          }),
      },
    })
    table.addToResourcePolicy(
      new PolicyStatement({ actions: ['dynamodb:*'], resources: ['*'], principals: [new AnyPrincipal()] }),
    )
    new CfnPolicy(this, 'Plain', { policyName: 'Plain', roles: [one.roleName], policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] } }) // plain
  }
}
`
/** The number of the line that has a text. */
const lineWith = (text: string) => stack.split('\n').findIndex(line => line.includes(text)) + 1

let origins: readonly Origin[]
let names: Readonly<Record<string, string>>

beforeAll(async () => {
  const directory = workspace(guardian, 'granted')
  writeFileSync(join(directory, 'stack.ts'), stack)
  const outdir = join(directory, 'cdk.out')
  const warm = warmSynth(guardian)
  expect(await warm.synthesizes({ isHandIn: false, source: directory, stackName: 'Granted', outdir })).toBe(
    true,
  )
  warm.stop()
  const source = { directory, display: (inside: string) => inside } as Source
  origins = await originsIn(outdir, 'Granted', source)
  names = Object.fromEntries(origins.map(({ path, logicalId }) => [path, logicalId]))
})

const policies = (path: string) => origins.find(one => one.logicalId === names[path])?.policies ?? []
const lines = (path: string) => policies(path).flatMap(one => one.lines)

test('each statement of a default policy has the line of its own grant', () => {
  const one = lines('Granted/One/DefaultPolicy/Resource')
  expect(one).toContain(`stack.ts:${lineWith('// reads of one')}`)
  expect(one).toContain(`stack.ts:${lineWith("one.addToPolicy(reads('arn:aws:s3:::a/*'))")}`)
  expect(one).toContain(`stack.ts:${lineWith('one.addToPolicy(')}`)
  expect(one).not.toContain(undefined)
  expect(lines('Granted/Two/DefaultPolicy/Resource')).toContain(`stack.ts:${lineWith('// reads of two')}`)
})

test('statements that are added together are told apart by the lines that made them', () => {
  expect(lines('Granted/Managed/Resource')).toEqual([
    `stack.ts:${lineWith('// sns')}`,
    `stack.ts:${lineWith('// sqs')}`,
  ])
})

test("a role's inline policies and a table's policy have lines, too", () => {
  expect(policies('Granted/Three/Resource')).toEqual([
    { name: 'Own', lines: [expect.stringMatching(/^stack\.ts:\d+$/)] },
  ])
  expect(lines('Granted/Rows/Resource')).toEqual([`stack.ts:${lineWith('table.addToResourcePolicy(')}`])
})

test('the line of a statement is found by the name of its policy, or by what holds it', () => {
  const resources = origins.map(({ logicalId, type }) => ({
    logicalId,
    type,
    physicalId: `id of ${logicalId}`,
  }))
  const lineOf = (policy: string, statement: number, role?: string) =>
    lineOfGrant({ policy, statement, ...(role ? { role } : {}) }, origins, { resources })
  const [{ name = '' } = {}] = policies('Granted/Two/DefaultPolicy/Resource')

  expect(lineOf(name, 0)).toBe(`stack.ts:${lineWith('// reads of two')}`)
  expect(lineOf(`id of ${names['Granted/Managed/Resource']}`, 1)).toBe(`stack.ts:${lineWith('// sqs')}`)
  // A policy that the stack writes without CDK's classes has no notes: the line that makes it stands for them.
  expect(lineOf('Plain', 0)).toBe(`stack.ts:${lineWith('// plain')}`)
  // Of a policy of AWS's nothing is known but the role.
  const role = `id of ${names['Granted/One/Resource']}`
  expect(lineOf('arn:aws:iam::aws:policy/X', 0, role)).toMatch(/^stack\.ts:\d+$/)
  expect(lineOf('arn:aws:iam::aws:policy/X', 0)).toBeUndefined()
})
