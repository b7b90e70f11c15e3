import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { stillClock } from './cloud/clock.ts'
import { HANG } from './machine/bounds.ts'
import { appInACloud } from './selfproof/app-in-a-cloud.ts'

const DAY = 24 * 60 * 60 * 1000

// Midnight, so that ten o'clock is ten hours away.
const app = appInACloud('buses', 'Orders', () => stillClock(Math.ceil(Date.now() / DAY) * DAY))

const put = (...Entries: PutEventsRequestEntry[]) =>
  app.aws(EventBridgeClient).send(new PutEventsCommand({ Entries }))

test('a bus brings an order to everybody, in the text of the rule, if its pattern matches', async () => {
  const [ana, ben] = [await app.connect('ana'), await app.connect('ben')]
  ana.send({ action: 'order', kind: 'book', total: 100 })
  ana.send({ action: 'order', kind: 'pen', total: 500 })
  ana.send({ action: 'order', kind: 'box', total: 101 })
  for (const person of [ana, ben]) await person.hears({ line: 'a box for 101' }, { within: HANG })
  await app.cloud.settled()
  expect([ana.unheard, ben.unheard]).toEqual([[], []])

  const frame = app.cloud.events
    .history()
    .findLast(event => event.kind === 'frame' && event.direction === 'out')!
  const line = app.ancestors(frame).map(event => (event.kind === 'call' ? event.operation : event.kind))
  expect(line).toEqual(['PostToConnection', 'invoke', 'PutEvents', 'invoke', 'frame'])

  const all = (await app.take('AllUrl')).map(({ body }) => body)
  expect(all.map(({ detail }) => detail.kind).sort()).toEqual(['book', 'box', 'pen'])
  expect(all.find(({ detail }) => detail.kind === 'box')).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    'detail-type': 'Ordered',
    source: 'my.shop',
    account: '123456789012',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    region: 'us-east-1',
    resources: [],
    detail: { kind: 'box', total: 101 },
  })
  const copies = (await app.take('CopiesUrl')).map(({ body }) => body)
  expect(copies).toContainEqual({ kind: 'pen', total: 500 })
  const kept = (await app.take('KeptAllUrl')).map(({ body }) => body)
  expect(kept.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort())
  const dead = await app.take('DeadUrl')
  expect(dead).toHaveLength(3)
  expect(dead[0]).toMatchObject({
    body: { source: 'my.shop' },
    attributes: { ERROR_CODE: 'NO_PERMISSIONS', RULE_ARN: app.output('LostArn') },
  })
})

test('schedules follow the clock, however far it is moved', async () => {
  const ana = await app.connect('ana')
  app.cloud.clock.advance(59_000)
  await app.cloud.settled()
  expect(ana.unheard).toEqual([])
  app.cloud.clock.advance(1_000)
  await ana.hears({ tick: true }, { within: HANG })

  const client = app.aws(EventBridgeClient)
  const { Rules } = await client.send(new ListRulesCommand({ NamePrefix: 'Orders-Minute' }))
  await client.send(new DisableRuleCommand({ Name: Rules![0]!.Name }))
  const ten = app.cloud.clock.now() - 60_000 + 10 * 60 * 60_000
  const before = app.cloud.events.history().at(-1)!.id
  app.cloud.clock.advance(10 * 60 * 60_000)
  await app.cloud.settled()
  const calls = app.cloud.events
    .history()
    .flatMap(event => (event.id > before && event.kind === 'invoke' ? [event] : []))
    .filter(({ functionName }) => functionName.includes('Tell'))
  expect(calls.map(({ payload }) => JSON.parse(payload))).toEqual([
    {
      version: '0',
      id: expect.any(String),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      time: new Date(ten).toISOString().replace('.000Z', 'Z'),
      region: 'us-east-1',
      resources: [expect.stringMatching(/^arn:aws:events:us-east-1:123456789012:rule\/Orders-Day/)],
      detail: {},
    },
  ])
  expect(calls[0]!.causedBy).toBeUndefined()
})

test('a bucket’s objects are events of the default bus', async () => {
  const Bucket = app.output('BucketName')
  const s3 = app.aws(S3Client)
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a.txt', Body: 'x' }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a.png', Body: 'xyz' }))
  const [{ body } = { body: undefined }, ...others] = await app.take('UploadsUrl')
  expect(others).toEqual([])
  expect(body).toMatchObject({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    resources: [`arn:aws:s3:::${Bucket}`],
    detail: { bucket: { name: Bucket }, object: { key: 'a.png', size: 3 }, reason: 'PutObject' },
  })
})

test('entries are taken or refused one by one', async () => {
  const good = { Source: 'my.shop', DetailType: 'Ordered', Detail: '{"kind":"pen"}', EventBusName: 'orders' }
  const { FailedEntryCount, Entries } = await put(
    good,
    { ...good, Source: undefined },
    { ...good, Detail: '[1]' },
    { ...good, Source: 'aws.s3' },
    { ...good, EventBusName: 'nowhere' },
  )
  expect(FailedEntryCount).toBe(3)
  expect(Entries).toMatchObject([
    { EventId: expect.any(String) },
    {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
    },
    { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
    { ErrorCode: 'NotAuthorizedForSourceException' },
    { EventId: expect.any(String) },
  ])
  await expect(put()).rejects.toMatchObject({ name: 'ValidationException' })
  expect((await app.take('AllUrl')).map(({ body }) => body.detail)).toEqual([{ kind: 'pen' }])
})

test('IAM decides who puts which events', async () => {
  const { credentials, allow } = await app.user('seller')
  const seller = app.aws(EventBridgeClient, credentials)
  const entry = { Source: 'my.shop', DetailType: 'Sold', Detail: '{}' }
  const Resource = 'arn:aws:events:us-east-1:123456789012:event-bus/default'
  const attempt = (Source: string) => seller.send(new PutEventsCommand({ Entries: [{ ...entry, Source }] }))
  await expect(attempt('my.shop')).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`not authorized to perform: events:PutEvents on resource: ${Resource} `),
  })
  const Condition = { StringEquals: { 'events:source': 'my.shop' } }
  await allow({ Action: 'events:PutEvents', Resource, Condition })
  expect((await attempt('my.shop')).FailedEntryCount).toBe(0)
  await expect(attempt('her.shop')).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('rules and targets are made, read, disabled and deleted by the API', async () => {
  const client = app.aws(EventBridgeClient)
  const { EventBusArn } = await client.send(new CreateEventBusCommand({ Name: 'mine' }))
  const on = { EventBusName: 'mine' }
  const EventPattern = '{"source":["x"],"$or":[{"detail":{"a":[1]}},{"detail":{"b":[{"exists":false}]}}]}'
  const { RuleArn } = await client.send(new PutRuleCommand({ Name: 'r', EventPattern, ...on }))
  expect(RuleArn).toBe('arn:aws:events:us-east-1:123456789012:rule/mine/r')
  const queue = app.output('AllUrl').split('/').at(-1)
  const target = { Id: '1', Arn: `arn:aws:sqs:us-east-1:123456789012:${queue}`, InputPath: '$.detail' }
  const answer = await client.send(new PutTargetsCommand({ Rule: 'r', Targets: [target], ...on }))
  expect(answer).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] })
  const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: 'r', ...on }))
  expect(Targets).toEqual([target])
  await client.send(new DisableRuleCommand({ Name: 'r', ...on }))
  const { Rules } = await client.send(new ListRulesCommand(on))
  expect(Rules).toEqual([{ Name: 'r', Arn: RuleArn, EventPattern, State: 'DISABLED', EventBusName: 'mine' }])
  await put({ Source: 'x', DetailType: 'y', Detail: '{"a":1}', EventBusName: 'mine' })

  await expect(client.send(new DeleteRuleCommand({ Name: 'r', ...on }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: "Rule can't be deleted since it has targets.",
  })
  await client.send(new RemoveTargetsCommand({ Rule: 'r', Ids: ['1'], ...on }))
  await client.send(new DeleteRuleCommand({ Name: 'r', ...on }))
  await expect(client.send(new DescribeRuleCommand({ Name: 'r', ...on }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Rule r does not exist on EventBus mine.',
  })
  await client.send(new DeleteEventBusCommand({ Name: 'mine' }))
  await expect(client.send(new DescribeEventBusCommand({ Name: EventBusArn }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
  const shown = await client.send(new DescribeEventBusCommand({ Name: 'orders' }))
  expect(JSON.parse(shown.Policy!).Statement).toMatchObject([{ Sid: 'partner', Action: 'events:PutEvents' }])
})

test('without its role’s permission no event goes to another bus', async () => {
  const client = app.aws(EventBridgeClient)
  const on = { EventBusName: 'orders' }
  const { Rules } = await client.send(new ListRulesCommand({ ...on, NamePrefix: 'Orders-Forward' }))
  const { Targets } = await client.send(new ListTargetsByRuleCommand({ ...on, Rule: Rules![0]!.Name }))
  // This role may put events onto `archive`, and nowhere else.
  const { RoleArn } = Targets![0]!
  const Arn = 'arn:aws:events:us-east-1:123456789012:event-bus/default'
  await client.send(new PutRuleCommand({ ...on, Name: 'sideways', EventPattern: '{"source":["aside"]}' }))
  const aim = (target: object) =>
    client.send(new PutTargetsCommand({ ...on, Rule: 'sideways', Targets: [{ Id: '1', Arn, ...target }] }))
  await expect(aim({})).rejects.toThrow(`RoleArn is required for target ${Arn}.`)
  await aim({ RoleArn })
  await put({ Source: 'aside', DetailType: 'Said', Detail: '{}', ...on })
  const asked = app.cloud.events
    .history()
    .findLast(event => event.kind === 'decision' && event.action === 'events:PutEvents')
  expect(asked).toMatchObject({ allowed: false, resource: Arn, context: { 'events:source': 'aside' } })
})

test('what is wrong is refused in the words of AWS', async () => {
  const client = app.aws(EventBridgeClient)
  const rule = (settings: object) => client.send(new PutRuleCommand({ Name: 'wrong', ...settings }))
  const invalid = (message: string) => ({ name: 'ValidationException', message })
  await expect(rule({})).rejects.toMatchObject(
    invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.'),
  )
  await expect(rule({ ScheduleExpression: 'rate(1 minutes)' })).rejects.toMatchObject(
    invalid('Parameter ScheduleExpression is not valid.'),
  )
  await expect(rule({ ScheduleExpression: 'rate(1 minute)', EventBusName: 'orders' })).rejects.toMatchObject(
    invalid('ScheduleExpression is supported only on the default event bus.'),
  )
  await expect(rule({ EventPattern: '{"source":"x"}' })).rejects.toMatchObject({
    name: 'InvalidEventPatternException',
    message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
  })
  const Targets = [{ Id: '1', Arn: 'arn:aws:states:us-east-1:123456789012:stateMachine:x' }]
  await expect(
    client.send(
      new PutTargetsCommand({
        Rule: app.output('RuleArn').split('/').at(-1),
        EventBusName: 'orders',
        Targets,
      }),
    ),
  ).rejects.toThrow('Targets of states are not supported here')
  const event = {
    id: '1',
    account: '1',
    source: 'x',
    time: 't',
    region: 'r',
    resources: [],
    'detail-type': 'y',
  }
  const Event = JSON.stringify({ ...event, detail: { name: 'Ana' } })
  const tested = (name: object) =>
    client.send(
      new TestEventPatternCommand({ Event, EventPattern: JSON.stringify({ detail: { name: [name] } }) }),
    )
  expect((await tested({ 'equals-ignore-case': 'ANA' })).Result).toBe(true)
  expect((await tested({ wildcard: 'B*a' })).Result).toBe(false)
})
