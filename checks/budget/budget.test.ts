import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Scene, Unmet } from '#kit'
import { type Cloud, startCloud } from '../../src/cloud/cloud.ts'
import { startGuardian } from '../../src/cloud/guardian.ts'
import { openScene } from '../../src/probe/scene.ts'
import { type Case, enough, ground, tooMuch, trust } from './cases.fixture.ts'
import { staysWithin } from './overreach.ts'
import { connections, rows, whatEveryFunctionMay } from './purposes.ts'

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
  async (name, { allowed = /is allowed/, statements, tablePolicy }) => {
    const found = await judged(cases.findIndex(([one]) => one === name))
    expect(found?.observed).toMatch(allowed)
    if (statements || tablePolicy)
      expect(found?.evidence[0]).toMatch(/^the statement that allows it, in the policy/)
  },
)

test.each(Object.entries(enough))('%s is within the budget', async name => {
  expect(await judged(cases.findIndex(([one]) => one === name))).toBeUndefined()
})
