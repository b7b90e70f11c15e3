import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation'
import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alive, descendants, eventually } from './selfproof/processes.ts'
import { answers, reached } from './selfproof/reached.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { wscat } from './selfproof/wscat.ts'

let house: SecondHouse
beforeAll(() => {
  house = secondHouse()
})
afterAll(() => house.remove())

test('the AWS SDK reads the table from outside, with the lines that up prints and not without', async () => {
  const up = house.start('up', 'lab2', '--solution')
  const { url, client, table } = await reached(up)
  await wscat(url, '{"action":"sendMessage","text":"hello"}', /hello/)
  const dynamodb = new DynamoDBClient(client)
  expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([table])
  expect((await dynamodb.send(new DescribeTableCommand({ TableName: table }))).Table?.TableArn).toBe(
    `arn:aws:dynamodb:us-east-1:123456789012:table/${table}`,
  )
  expect((await dynamodb.send(new ScanCommand({ TableName: table }))).Count).toBeLessThanOrEqual(1)

  const stranger = new DynamoDBClient({
    ...client,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
  })
  await expect(stranger.send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  })
  up.kill('SIGTERM')
  await up.ended
})

test('without a lab the cloud is empty, where it was asked for, and says where to reach what is deployed into it', async () => {
  const up = house.start('up', '--account', '111122223333', '--region', 'eu-central-1')
  const { client } = await reached(up)
  expect(client).toMatchObject({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    region: 'eu-central-1',
  })
  const formation = new CloudFormationClient(client)
  expect((await formation.send(new DescribeStacksCommand({}))).Stacks).toEqual([])
  const Hall = {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'Hall', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
  }
  const Live = {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Hall' }, StageName: 'live', AutoDeploy: true },
  }
  const TemplateBody = JSON.stringify({ Resources: { Hall, Live } })
  const { StackId } = await formation.send(new CreateStackCommand({ StackName: 'Chat', TemplateBody }))
  expect(StackId).toMatch(/^arn:aws:cloudformation:eu-central-1:111122223333:stack\/Chat\//)
  await up.says(/npx wscat -c ws:\/\/localhost:\d+\/live\n/)
  formation.destroy()
  up.kill('SIGINT')
  expect((await up.ended).code).toBe(0)
})

test('killed outright, it leaves no process, no port and no folder behind', async () => {
  const up = house.start('up', 'lab2', '--solution')
  const { url } = await reached(up)
  await wscat(url, '{"action":"sendMessage","text":"hello"}', /hello/)
  const children = descendants(up.pid)
  expect(children.length).toBeGreaterThan(1)

  up.kill('SIGKILL')
  await up.ended
  await eventually(() => children.every(pid => !alive(pid)))
  expect(children.filter(alive)).toEqual([])
  expect(await answers(url)).toBe(false)
  await eventually(() => house.leftovers().length === 0)
  expect(house.leftovers()).toEqual([])
})
