import { beforeEach, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { movableClock } from '../clock.ts'
import { type Events, eventStream } from '../events.ts'
import type { Call } from '../service.ts'
import { KEPT_EVENTS } from './group.ts'
import type { Logs } from './log-store.ts'
import { startLogs } from './logs.ts'

const START = Date.UTC(2026, 0, 1)
let clock = movableClock(() => START)
let events: Events
let logs: Logs

beforeEach(() => {
  clock = movableClock(() => START)
  events = eventStream(clock.now)
  logs = startLogs({ account: defaultAccount, clock, events })
})

const call = (name: string, input: object = {}) =>
  logs.service.operations.find(one => one.name === name)!.run(input, {} as Call) as any
const messages = (answer: any) => answer.events.map(({ message }: any) => message)
const filter = (input: object) => messages(call('FilterLogEvents', { logGroupName: 'g', ...input }))

test('groups and streams come, are listed, and go', () => {
  call('CreateLogGroup', { logGroupName: 'b', tags: { team: 'x' } })
  call('CreateLogGroup', { logGroupName: 'a' })
  call('CreateLogStream', { logGroupName: 'a', logStreamName: 's' })
  expect(call('DescribeLogGroups').logGroups).toMatchObject([
    { logGroupName: 'a', arn: 'arn:aws:logs:us-east-1:123456789012:log-group:a:*', creationTime: START },
    { logGroupName: 'b', logGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:b' },
  ])
  expect(call('DescribeLogGroups', { logGroupNamePrefix: 'b' }).logGroups).toHaveLength(1)
  expect(call('DescribeLogStreams', { logGroupName: 'a' }).logStreams).toMatchObject([{ logStreamName: 's' }])
  expect(
    call('ListTagsForResource', { resourceArn: 'arn:aws:logs:us-east-1:123456789012:log-group:b' }),
  ).toEqual({
    tags: { team: 'x' },
  })
  logs.write('a', 's', 'gone')
  logs.write('a', 't', 'stays')
  call('DeleteLogStream', { logGroupName: 'a', logStreamName: 's' })
  expect(messages(call('FilterLogEvents', { logGroupName: 'a' }))).toEqual(['stays'])
  call('DeleteLogGroup', { logGroupName: 'a' })
  expect(call('DescribeLogGroups').logGroups).toHaveLength(1)
})

test("what is not there, or there already, is refused in AWS's words", () => {
  const refusal = (name: string, input: object) => {
    try {
      call(name, input)
    } catch (error) {
      const { code, message } = error as { code: string; message: string }
      return [code, message]
    }
    throw new Error('it was not refused')
  }
  const noGroup = ['ResourceNotFoundException', 'The specified log group does not exist.']
  for (const name of [
    'DeleteLogGroup',
    'DescribeLogStreams',
    'FilterLogEvents',
    'GetLogEvents',
    'PutLogEvents',
  ]) {
    expect(refusal(name, { logGroupName: 'g', logStreamName: 's' })).toEqual(noGroup)
  }
  logs.createGroup('g')
  logs.createStream('g', 's')
  expect(refusal('CreateLogGroup', { logGroupName: 'g' })).toEqual([
    'ResourceAlreadyExistsException',
    'The specified log group already exists',
  ])
  expect(refusal('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })).toEqual([
    'ResourceAlreadyExistsException',
    'The specified log stream already exists',
  ])
  expect(refusal('GetLogEvents', { logGroupName: 'g', logStreamName: 'x' })).toEqual([
    'ResourceNotFoundException',
    'The specified log stream does not exist.',
  ])
  expect(refusal('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 2 })[0]).toBe(
    'InvalidParameterException',
  )
  expect(refusal('CreateLogGroup', { logGroupName: 'a b' })[0]).toBe('InvalidParameterException')
})

test('streams are interleaved by time, and found by name, prefix and time', () => {
  logs.createGroup('g')
  logs.write('g', 'one', 'a', START + 1)
  logs.write('g', 'two', 'b', START + 3)
  logs.write('g', 'one', 'c', START + 2)
  expect(filter({})).toEqual(['a', 'c', 'b'])
  expect(filter({ logStreamNames: ['two'] })).toEqual(['b'])
  expect(filter({ logStreamNamePrefix: 'on' })).toEqual(['a', 'c'])
  expect(filter({ startTime: START + 2, endTime: START + 3 })).toEqual(['c', 'b'])
  expect(filter({ startTime: START + 2, endTime: START + 2 })).toEqual(['c'])
})

test('pages of FilterLogEvents follow each other without loss', () => {
  logs.createGroup('g')
  for (let i = 0; i < 7; i++) logs.write('g', 's', String(i))
  const seen: string[] = []
  let nextToken: string | undefined
  do {
    const page = call('FilterLogEvents', { logGroupName: 'g', limit: 3, ...(nextToken ? { nextToken } : {}) })
    seen.push(...messages(page))
    nextToken = page.nextToken
  } while (nextToken)
  expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6'])
})

test('GetLogEvents pages both ways, and its tokens come back where there is nothing more', () => {
  logs.createGroup('g')
  for (let i = 0; i < 5; i++) logs.write('g', 's', String(i))
  const get = (input: object) =>
    call('GetLogEvents', { logGroupName: 'g', logStreamName: 's', limit: 2, ...input })
  const last = get({})
  expect(messages(last)).toEqual(['3', '4'])
  const before = get({ nextToken: last.nextBackwardToken })
  expect(messages(before)).toEqual(['1', '2'])
  expect(messages(get({ nextToken: before.nextForwardToken }))).toEqual(['3', '4'])
  const end = get({ nextToken: last.nextForwardToken })
  expect(end).toMatchObject({ events: [], nextForwardToken: last.nextForwardToken })
  logs.write('g', 's', 'new')
  expect(messages(get({ nextToken: end.nextForwardToken }))).toEqual(['new'])
  expect(messages(get({ startFromHead: true }))).toEqual(['0', '1'])
})

test('events that are put are checked and found', () => {
  logs.createGroup('g')
  logs.createStream('g', 's')
  const put = (...logEvents: object[]) =>
    call('PutLogEvents', { logGroupName: 'g', logStreamName: 's', logEvents })
  put({ timestamp: START, message: 'a' }, { timestamp: START + 1, message: 'b' })
  expect(filter({})).toEqual(['a', 'b'])
  expect(() => put({ timestamp: START + 1, message: 'b' }, { timestamp: START, message: 'a' })).toThrow(
    'chronological',
  )
  expect(put({ timestamp: START - 20 * 86_400_000, message: 'old' })).toMatchObject({
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
  })
  expect(filter({})).toEqual(['a', 'b'])
})

test.each([
  ['', ['ERROR one', 'INFO two words', 'plain']],
  ['ERROR', ['ERROR one']],
  ['two words', ['INFO two words']],
  ['words ERROR', []],
  ['"two words"', ['INFO two words']],
  ['"words two"', []],
  ['-ERROR', ['INFO two words', 'plain']],
  ['?ERROR ?plain', ['ERROR one', 'plain']],
  ['INFO -two', []],
  ['error', []],
])('the pattern %j finds %j', (filterPattern, expected) => {
  logs.createGroup('g')
  for (const message of ['ERROR one', 'INFO two words', 'plain']) logs.write('g', 's', message)
  expect(filter({ filterPattern })).toEqual(expected)
})

test.each([
  ['{ $.level = "ERROR" }', ['1']],
  ['{ $.level = INFO }', ['2']],
  ['{ $.level != "ERROR" }', ['2']],
  ['{ $.level = * }', ['1', '2']],
  ['{ $.level = "E*" && $.ms >= 10 }', ['1']],
  ['{ ($.ms < 10 || $.ms > 99) && $.level = "INFO" }', ['2']],
  ['{ $.who.name = "ana" }', ['1']],
  ['{ $.tags[1] = "b" }', ['2']],
  ['{ $.who IS NULL }', ['2']],
  ['{ $.tags NOT EXISTS }', ['1']],
])('the JSON pattern %j finds %j', (filterPattern, expected) => {
  logs.createGroup('g')
  logs.write('g', 's', JSON.stringify({ id: '1', level: 'ERROR', ms: 10, who: { name: 'ana' } }))
  logs.write('g', 's', JSON.stringify({ id: '2', level: 'INFO', ms: 100, who: null, tags: ['a', 'b'] }))
  logs.write('g', 's', 'ERROR but not JSON')
  logs.write('g', 's', '{ nor this')
  expect(filter({ filterPattern }).map((message: string) => JSON.parse(message).id)).toEqual(expected)
})

test.each([
  ['a:b', "Invalid character(s) in term 'a:b'"],
  ['"open', 'Invalid filter pattern'],
  ['{ $.a = }', 'Invalid filter pattern'],
  ['{ $.a = 1', 'Invalid filter pattern'],
  ['{ $.a[*] = 1 }', 'wildcards in paths'],
  ['[a, b]', 'space-delimited'],
  ['%a.b%', 'regular expressions'],
])('the pattern %j is refused: %s', (filterPattern, words) => {
  logs.createGroup('g')
  expect(() => filter({ filterPattern })).toThrow(words)
})

test('retention follows the clock of the cloud', () => {
  logs.createGroup('g')
  call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 1 })
  logs.write('g', 's', 'yesterday')
  clock.advance(23 * 3_600_000)
  logs.write('g', 's', 'today')
  expect(filter({})).toEqual(['yesterday', 'today'])
  clock.advance(2 * 3_600_000)
  expect(filter({})).toEqual(['today'])
  call('DeleteRetentionPolicy', { logGroupName: 'g' })
  expect(filter({})).toEqual(['yesterday', 'today'])
})

test('a group keeps its newest events and forgets the oldest', () => {
  const { events: kept } = logs.createGroup('g')
  for (let i = 0; i <= KEPT_EVENTS; i++) logs.write('g', 's', String(i))
  expect(kept.length).toBeLessThanOrEqual(KEPT_EVENTS)
  expect(kept.length).toBeGreaterThan(KEPT_EVENTS / 2)
  expect(kept.at(-1)?.message).toBe(String(KEPT_EVENTS))
  for (let i = 0; i < 100; i++) logs.write('g', 's', 'x'.repeat(1024 * 1024))
  expect(kept.length).toBeLessThanOrEqual(32)
})

test('every line is an event of the cloud', () => {
  logs.createGroup('g')
  logs.write('g', 's', 'heard')
  expect(events.history()).toMatchObject([{ kind: 'log', logGroup: 'g', logStream: 's', message: 'heard' }])
})

test('access names the group with its stream, empty where there is none', () => {
  const access = (name: string, input: object) =>
    logs.service.operations.find(one => one.name === name)!.access(input, {} as Call)
  const group = 'arn:aws:logs:us-east-1:123456789012:log-group:g'
  expect(access('FilterLogEvents', { logGroupName: 'g' })).toEqual([
    { action: 'logs:FilterLogEvents', resource: `${group}:log-stream:` },
  ])
  expect(access('FilterLogEvents', { logGroupIdentifier: group })).toEqual(
    access('FilterLogEvents', { logGroupName: 'g' }),
  )
  expect(access('PutLogEvents', { logGroupName: 'g', logStreamName: 's' })).toEqual([
    { action: 'logs:PutLogEvents', resource: `${group}:log-stream:s` },
  ])
})

test('the resources make, change and delete a group', async () => {
  const type = (name: string) => logs.resources.find(one => one.type === name)!
  const request = (properties: object) => ({
    stackName: 'test',
    logicalId: 'Log',
    properties,
    inventName: () => 'test-Log-ABCDEFGHIJKL',
  })
  const group = type('AWS::Logs::LogGroup')
  const made = await group.create(request({ RetentionInDays: 1 }))
  expect(made).toEqual({
    physicalId: 'test-Log-ABCDEFGHIJKL',
    attributes: { Arn: 'arn:aws:logs:us-east-1:123456789012:log-group:test-Log-ABCDEFGHIJKL:*' },
  })
  await group.update!(request({ RetentionInDays: 7 }), { ...made, properties: {} })
  expect(logs.groups.get(made.physicalId)?.retentionInDays).toBe(7)
  await group.delete!({ ...made, properties: {}, logicalId: 'Log' })
  await group.delete!({ ...made, properties: {}, logicalId: 'Log' })
  expect(logs.groups.size).toBe(0)
  await expect(async () => group.create(request({ RetentionInDays: 2 }))).rejects.toThrow('retentionInDays')

  await type('Custom::LogRetention').create(request({ LogGroupName: '/aws/lambda/f', RetentionInDays: '3' }))
  expect(logs.groups.get('/aws/lambda/f')?.retentionInDays).toBe(3)
})

test('limits out of range and members that exclude each other are refused', () => {
  call('CreateLogGroup', { logGroupName: 'g' })
  call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })
  const both = 'LogGroup name and LogGroup ARN are mutually exclusive parameters.'
  const more = (most: number) =>
    `Value '${most + 1}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to ${most}`
  const refusals: readonly (readonly [string, object, string])[] = [
    ['FilterLogEvents', { limit: 10_001 }, more(10_000)],
    ['GetLogEvents', { logStreamName: 's', limit: 10_001 }, more(10_000)],
    ['GetLogEvents', { logStreamName: 's', limit: 0 }, 'Member must have value greater than or equal to 1'],
    ['DescribeLogGroups', { limit: 51 }, more(50)],
    ['DescribeLogStreams', { limit: 51 }, more(50)],
    ['DescribeLogStreams', { logGroupIdentifier: 'g' }, both],
    ['FilterLogEvents', { logGroupIdentifier: 'g' }, both],
    [
      'DescribeLogGroups',
      { logGroupNamePrefix: 'a', logGroupNamePattern: 'b' },
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    ],
    [
      'DescribeLogStreams',
      { orderBy: 'LastEventTime', logStreamNamePrefix: 's' },
      'Cannot order by LastEventTime with a logStreamNamePrefix.',
    ],
    [
      'CreateLogGroup',
      { logGroupName: 'x'.repeat(513) },
      'Invalid LogGroup or LogStream, both must have length less than or equal to 512.',
    ],
  ]
  for (const [name, input, words] of refusals) {
    expect(() => call(name, { logGroupName: 'g', ...input }), name).toThrow(words)
  }
})

test('groups and streams have the members that AWS shows', () => {
  call('CreateLogGroup', { logGroupName: 'g' })
  call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })
  expect(call('DescribeLogGroups').logGroups).toEqual([
    {
      logGroupName: 'g',
      arn: 'arn:aws:logs:us-east-1:123456789012:log-group:g:*',
      logGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:g',
      creationTime: START,
      metricFilterCount: 0,
      storedBytes: 0,
      logGroupClass: 'STANDARD',
      deletionProtectionEnabled: false,
    },
  ])
  const fresh = {
    logStreamName: 's',
    arn: 'arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s',
    creationTime: START,
    storedBytes: 0,
  }
  const streams = () => call('DescribeLogStreams', { logGroupName: 'g' }).logStreams
  expect(streams()).toEqual([fresh])
  logs.write('g', 's', 'x')
  expect(streams()).toEqual([
    {
      ...fresh,
      firstEventTimestamp: START,
      lastEventTimestamp: START,
      lastIngestionTime: START,
      uploadSequenceToken: '0',
    },
  ])
})
