import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Scene, Unmet } from '#kit'
import { type Cloud, startCloud } from '../../src/cloud/cloud.ts'
import { startGuardian } from '../../src/cloud/guardian.ts'
import { openScene } from '../../src/probe/scene.ts'
import { type Case, enough, ground, tooMuch, trust } from './cases.fixture.ts'
import { staysWithin } from './overreach.ts'
import { connections, rows, whatEveryFunctionMay } from './purposes.ts'
import { allowed } from './simulate.ts'

const guardian = startGuardian()
const stackName = 'wslab-budget'
const cases = Object.entries({ ...tooMuch, ...enough })
let cloud: Cloud
let resources: readonly { logicalId: string; type: string; physicalId: string }[]

/** One stack has the roles of all cases. Each case is then shown a stack in which there is only its own. */
beforeAll(async () => {
  cloud = await startCloud({ guardian })
  const template = {
    Resources: Object.assign({ ...ground }, ...cases.map(([, one], at) => partsOf(one, at))),
  }
  const client = new CloudFormationClient({
    region: 'us-east-1',
    endpoint: cloud.endpoint,
    credentials: cloud.credentials,
  })
  await client.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  )
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 25, minDelay: 1, maxDelay: 1 },
    { StackName: stackName },
  )
  client.destroy()
  resources = cloud.stacks.list().find(one => one.stackName === stackName)!.resources
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop?.()
})

function partsOf({ statements = [], managed = [], trust: who = trust(), tablePolicy }: Case, at: number) {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: who,
      ManagedPolicyArns: managed,
      Policies:
        statements.length === 0
          ? []
          : [{ PolicyName: `Policy${at}`, PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  }
  const { Properties, ...table } = ground.Rows
  const own = tablePolicy && {
    ...table,
    Properties: {
      ...Properties,
      ResourcePolicy: {
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [tablePolicy({ 'Fn::GetAtt': [`Role${at}`, 'Arn'] })],
        },
      },
    },
  }
  return { [`Role${at}`]: role, ...(own ? { [`Table${at}`]: own } : {}) }
}

const roleOf = (name: string) => {
  const at = cases.findIndex(([one]) => one === name)
  const { physicalId } = resources.find(({ logicalId }) => logicalId === `Role${at}`)!
  return `arn:aws:iam::${cloud.account.accountId}:role/${physicalId}`
}

async function simulated(role: string, actions: readonly string[], page?: number) {
  const iam = new IAMClient({ region: 'us-east-1', endpoint: cloud.endpoint, credentials: cloud.credentials })
  try {
    const resources = ['arn:aws:dynamodb:us-east-1:123456789012:table/Payroll']
    return await allowed(iam, { roleArn: roleOf(role), actions, resources, context: {}, besides: [] }, page)
  } finally {
    iam.destroy()
  }
}

test('every page of a simulation is read', async () => {
  const others = Array.from({ length: 100 }, (_, at) => `ec2:Action${at}`)
  expect(await simulated('one table by name', [...others, 'dynamodb:GetItem'], 100)).toEqual([
    { action: 'dynamodb:GetItem', resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/Payroll' },
  ])
})

test('actions that IAM does not take together are asked apart', async () => {
  const actions = [
    'dynamodb:GetItem',
    'dynamodb:GetEverything',
    'dynamodb:PutItem',
    's3:DeleteBucketOwnershipControls',
  ]
  expect((await simulated('one table by name', actions)).map(({ action }) => action)).toEqual([
    'dynamodb:GetItem',
  ])
})

async function judged(at: number): Promise<Unmet | undefined> {
  const shown = resources.filter(
    ({ logicalId }) => logicalId in ground || [`Role${at}`, `Table${at}`].includes(logicalId),
  )
  const { scene, close } = openScene({
    outputs: {},
    resources: shown,
    aws: { region: 'us-east-1', endpoint: cloud.endpoint, credentials: cloud.credentials },
    accountId: cloud.account.accountId,
    patience: 5_000,
  })
  try {
    await staysWithin(scene, budgetOf(scene))
    return undefined
  } catch (error) {
    if (error instanceof Unmet) return error
    throw error
  } finally {
    await close()
  }
}

const budgetOf = (scene: Scene) => [...whatEveryFunctionMay(scene), ...rows(scene), connections(scene)]

test.each(Object.entries(tooMuch))(
  '%s is too much',
  async (name, { allowed: what = /is allowed/, statements, tablePolicy }) => {
    const found = await judged(cases.findIndex(([one]) => one === name))
    expect(found?.observed).toMatch(what)
    if (statements || tablePolicy)
      expect(found?.evidence[0]).toMatch(/^the statement that allows it, in the policy/)
  },
)

test.each(Object.entries(enough))('%s is within the budget', async name => {
  expect(await judged(cases.findIndex(([one]) => one === name))).toBeUndefined()
})
