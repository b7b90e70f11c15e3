import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud.ts'
import { askedCloud } from '../asked.fixture.ts'
import { awsSchemas } from '../aws-schemas.fixture.ts'
import type { Properties } from '../properties.ts'
import { userPool, userPoolClient } from './cognito.table.ts'
import { dynamodbTable } from './dynamodb.table.ts'
import { logGroup, managedPolicy, policy, role } from './iam-logs.table.ts'
import {
  alias,
  eventSourceMapping,
  lambdaFunction,
  layerVersion,
  permission,
  version,
} from './lambda.table.ts'
import { type Looks, looks } from './looks.fixture.ts'
import { queue, queuePolicy, subscription, topic, topicPolicy } from './messaging.table.ts'
import { supportTemplate } from './support.fixture.ts'
import type { Support, UpdateRow } from './update-row.ts'
import * as websocket from './websocket-api.table.ts'

const tables = [
  dynamodbTable,
  lambdaFunction,
  permission,
  eventSourceMapping,
  version,
  alias,
  layerVersion,
  ...Object.values(websocket),
  role,
  policy,
  managedPolicy,
  queue,
  queuePolicy,
  topic,
  subscription,
  topicPolicy,
  logGroup,
  userPool,
  userPoolClient,
]
const folder = mkdtempSync(join(tmpdir(), 'updates-'))
const objects = { find: () => ({ kind: 'directory' as const, path: folder }) }
const schemas = awsSchemas()
let cloud: Cloud
let support: Support
let show: Looks
beforeAll(async () => {
  cloud = await askedCloud()
  show = looks(cloud)
  const { stack } = await cloud.stacks.deploy({ stackName: 'Support', template: supportTemplate, objects })
  const iam = new IAMClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: cloud.credentials })
  // Templates make no users here.
  await iam.send(new CreateUserCommand({ UserName: 'ana' }))
  support = { ...Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value])), UserName: 'ana' }
})
afterAll(async () => {
  await cloud.stop()
  rmSync(folder, { recursive: true })
})

const given = <T extends object>(value: T | ((support: Support) => T) = {} as T): T =>
  typeof value === 'function' ? value(support) : value

for (const { type, base, rows } of tables) {
  test.each(rows.map(row => [row.property, row.does, row] as const))(
    `${type}.%s: %s`,
    async (_, does, row) => {
      const first: Properties = defined({ ...given(base), ...given(row.from) })
      const second: Properties = { ...first, ...given(row.change) }
      const deploy = async (Properties: Properties) => {
        const template = { Resources: { Tried: { Type: type, Properties } } }
        const { stack } = await cloud.stacks.deploy({ stackName: 'Tried', template, objects })
        return stack.resources[0]!
      }

      await cloud.stacks.delete('Tried')
      const before = await deploy(first)
      if (does === 'refused') {
        await expect(deploy(second)).rejects.toThrow(
          `Updates are not allowed for property - ${row.property}.`,
        )
        expect(cloud.stacks.describe('Tried').status).toBe('UPDATE_ROLLBACK_COMPLETE')
      } else {
        const after = await deploy(second)
        const isReplaced = after.physicalId !== before.physicalId
        expect(isReplaced, does).toBe(does === 'replacement')
        if (row.shows) {
          expect(
            await show[type]!({ physicalId: after.physicalId, properties: second, support }),
          ).toMatchObject(given(row.shows))
        }
        if (!row.isOneWay) await deploy(first)
      }
      await cloud.stacks.delete('Tried')
    },
  )
}

test('the tables say what AWS’s own schemas say, or where else it stands', () => {
  const differ = tables.flatMap(({ type, rows }) =>
    rows
      .filter(row => row.source === undefined && isReplacement(row) !== onAws(type, row.property))
      .map(row => `${type}.${row.property}`),
  )

  expect(differ).toEqual([])
})

test('every property of these types that is supported here has a row', () => {
  const missing = tables.flatMap(({ type, rows }) => {
    const known = cloud.stacks.types.find(one => one.type === type)!
    return Object.keys(known.properties)
      .filter(name => !rows.some(row => row.property === name))
      .map(name => `${type}.${name}`)
  })

  expect(missing).toEqual(WITHOUT_A_ROW)
})

/** Properties that cannot change here: there is one valid value, or they need what another test builds. */
const WITHOUT_A_ROW: readonly string[] = [
  'AWS::Lambda::Function.VpcConfig',
  'AWS::Lambda::EventSourceMapping.StartingPositionTimestamp',
  'AWS::Lambda::EventSourceMapping.TumblingWindowInSeconds',
  'AWS::ApiGatewayV2::Api.ProtocolType',
  'AWS::ApiGatewayV2::RouteResponse.RouteResponseKey',
  'AWS::ApiGatewayV2::IntegrationResponse.ResponseParameters',
  'AWS::ApiGatewayV2::Authorizer.AuthorizerType',
  'AWS::ApiGatewayV2::Authorizer.EnableSimpleResponses',
  'AWS::ApiGatewayV2::Authorizer.AuthorizerPayloadFormatVersion',
  'AWS::ApiGatewayV2::Deployment.StageName',
  'AWS::IAM::Policy.Groups',
  'AWS::IAM::ManagedPolicy.Groups',
  'AWS::Cognito::UserPoolClient.AllowedOAuthFlows',
]

const isReplacement = ({ does }: UpdateRow) => (does === 'replacement' ? 'yes' : 'no')
const onAws = (type: string, property: string) => schemas.get(type)!.properties[property]
const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))
