import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chatStack } from './chat.fixture.ts'
import type { LocalCloud, LocalCloudOptions, Seed } from './entry.cjs'
import { localCloud } from './local-cloud.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-testing-'))
const assembly = join(root, 'cdk.out')
const clouds: LocalCloud[] = []
beforeAll(() => {
  ;(chatStack(assembly).node.root as any).synth()
})
afterAll(async () => {
  for (const cloud of clouds) await cloud.stop()
  rmSync(root, { recursive: true, force: true })
})

const up = async (options: LocalCloudOptions) => {
  const cloud = await localCloud({ assembly, ...options })
  clouds.push(cloud)
  return cloud
}
const seed: Seed = {
  tables: { Connections: [{ id: 'row-1', name: 'nobody' }] },
  users: { People: [{ username: 'ana', password: 'Passw0rd!', groups: ['staff'] }] },
  objects: { BucketName: { 'hello.txt': 'Hello' } },
  parameters: { '/chat/greeting': 'Good evening', '/chat/new': { value: 'yes' } },
}

/** Everything that was seeded, as the app sees it. */
async function seen(cloud: LocalCloud, username = 'ana') {
  const { TableName, ClientId, PoolId: UserPoolId, BucketName: Bucket } = cloud.outputs
  const [tables, s3, ssm, people] = [
    cloud.aws(DynamoDBClient),
    cloud.aws(S3Client),
    cloud.aws(SSMClient),
    cloud.aws(CognitoIdentityProviderClient),
  ]
  const { Items } = await tables.send(
    new QueryCommand({
      TableName,
      IndexName: 'byName',
      KeyConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#n': 'name' },
      ExpressionAttributeValues: { ':n': { S: 'nobody' } },
    }),
  )
  const AuthParameters = { USERNAME: username, PASSWORD: 'Passw0rd!' }
  const auth = await people.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  )
  const groups = await people.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: username }))
  const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'hello.txt' }))
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/chat/greeting' }))
  return {
    rows: Items?.map(({ id }) => id?.S).sort(),
    isIn: auth.AuthenticationResult?.AccessToken !== undefined,
    groups: groups.Groups?.map(({ GroupName }) => GroupName),
    text: await object.Body?.transformToString(),
    greeting: Parameter?.Value,
  }
}
const seeded = {
  rows: ['row-1'],
  isIn: true,
  groups: ['staff'],
  text: 'Hello',
  greeting: 'Good evening',
}

test('a seed is there, nobody was told, and reset comes back to it', async () => {
  const cloud = await up({ seed })
  expect(cloud.events.find({ kind: 'item' })).toEqual([])
  expect(await seen(cloud)).toEqual(seeded)
  await cloud.aws(DynamoDBClient).send(
    new PutItemCommand({
      TableName: cloud.outputs.TableName,
      Item: { id: { S: 'row-2' }, name: { S: 'nobody' } },
    }),
  )
  await cloud.reset()
  expect(await seen(cloud)).toEqual(seeded)
})

test('state is kept from one cloud to the next, with the ids of pools; the seed is for the first one only', async () => {
  const state = join(root, 'state')
  const first = await up({ seed, state })
  await expect(localCloud({ assembly, state })).rejects.toThrow(/in use by another local cloud/)
  const { PoolId, ClientId, TableName, BucketName: Bucket } = first.outputs
  await first
    .aws(DynamoDBClient)
    .send(new PutItemCommand({ TableName, Item: { id: { S: 'row-2' }, name: { S: 'nobody' } } }))
  await first.aws(S3Client).send(new PutObjectCommand({ Bucket, Key: 'hello.txt', Body: 'Hello again' }))
  await first
    .aws(CognitoIdentityProviderClient)
    .send(new SignUpCommand({ ClientId, Username: 'ben', Password: 'Passw0rd!' }))
  await first.stop()
  expect(readFileSync(join(state, 'state.json'), 'utf8')).not.toContain('Passw0rd!')

  const second = await up({ seed, state })
  expect(second.outputs).toMatchObject({ PoolId, ClientId })
  expect(await seen(second)).toEqual({ ...seeded, rows: ['row-1', 'row-2'], text: 'Hello again' })
  await expect(seen(second, 'ben')).rejects.toMatchObject({ name: 'UserNotConfirmedException' })
  await second.stop()
})

test('a snapshot is saved, loaded again, and another cloud begins with it', async () => {
  const cloud = await up({ seed })
  const snapshot = join(root, 'snapshot')
  await cloud.save(snapshot)
  const { TableName } = cloud.outputs
  const table = cloud.aws(DynamoDBClient)
  await table.send(new PutItemCommand({ TableName, Item: { id: { S: 'later' } } }))
  await cloud.load(snapshot)
  expect((await table.send(new ScanCommand({ TableName }))).Count).toBe(1)
  await cloud.stop()

  const other = await up({})
  await expect(other.load(snapshot)).rejects.toThrow(/People.* is us-east-1_\w+ here, and was us-east-1_\w+/)
  await expect(other.load(join(root, 'nowhere'))).rejects.toThrow(/There is no snapshot in .*nowhere/)
  await other.stop()
  const third = await up({ seed: snapshot })
  expect(await seen(third)).toEqual(seeded)
  await third.stop()
})

const wrong: readonly (readonly [Seed, RegExp])[] = [
  [
    { tables: { Conections: [{ id: 'a' }] } },
    /seed, tables\.Conections\[0\]: there is no table Conections\. Did you mean Connections\? There is: Connections\./,
  ],
  [
    { tables: { Connections: [{ id: 'a' }, { id: 5 }] } },
    /seed, tables\.Connections\[1\]: .*Type mismatch for key id expected: S actual: N/,
  ],
  [
    { users: { People: [{ username: 'ana', password: 'short' }] } },
    /seed, users\.People\[0\]: Password does not conform to policy/,
  ],
  [{ objects: { Pictures: { a: 'a' } } }, /there is no bucket Pictures\. There is: Files\./],
  [{ parameters: { 'no//name': 'a' } }, /seed, parameters\.no\/\/name: Parameter name/],
]

test.for(wrong)('what AWS would not take is refused, and nothing is left: %j', async ([given, words]) => {
  await expect(localCloud({ assembly, seed: given })).rejects.toThrow(words)
})
