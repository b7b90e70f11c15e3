import { expect, test } from 'vitest'
import { eventStream, type Happening } from '../cloud/events.ts'
import { kindsIn, showLive, type Watching } from './live-lines.ts'

const directory = () => ({
  region: 'us-east-1',
  accountId: '123456789012',
  names: { 'chat-send-X': 'send' },
  logGroups: {},
  authorizers: [],
})

/** What is printed of these happenings. */
function shown(happenings: readonly Happening[], watching: Watching = {}): string {
  const events = eventStream(() => Date.UTC(2026, 10, 30, 12, 0, 1, 5))
  let text = ''
  const live = showLive(events, directory, watching, more => {
    text += more
  })
  for (const one of happenings) events.emit({ ...one })
  live.stop()
  return text
}

const place = { apiId: 'a1', stage: 'live', connectionId: 'abc=' }
const said: Happening = { kind: 'frame', direction: 'in', ...place, routeKey: 'send', text: 'hello' }
const log = (message: string): Happening => ({
  kind: 'log',
  logGroup: '/aws/lambda/chat-send-X',
  logStream: 's',
  message,
})
const decision = (allowed: boolean): Happening => ({
  kind: 'decision',
  principal: 'arn:aws:sts::123456789012:assumed-role/chat-role/chat-send-X',
  action: 'dynamodb:Scan',
  resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/People',
  allowed,
  because: 'because no identity-based policy allows it',
})

test('a line for each thing, in the names of the code', () => {
  expect(shown([said, log('2026-11-30T12:00:01.005Z\tr-1\tINFO\tabout to send')])).toBe(
    '12:00:01.005 client 1 → send: hello\n12:00:01.005 send logs: INFO about to send\n',
  )
})

test('a client is called by a number, and its connection id is told when it comes', () => {
  const came: Happening = { kind: 'handshake', apiId: 'a1', stage: 'live', connectionId: 'abc=', status: 101 }
  expect(shown([came, said])).toBe(
    '12:00:01.005 client 1 connects to stage live, as abc=\n12:00:01.005 client 1 → send: hello\n',
  )
})

test("Lambda's own lines and what IAM allows are shown to somebody who wants all", () => {
  const all = [log('START RequestId: r-1 Version: $LATEST'), decision(true)]
  expect(shown(all)).toBe('')
  expect(shown(all, { verbose: true })).toMatch(/send logs: START RequestId[\s\S]*send may dynamodb:Scan/)
})

test('what is denied is marked by more than a colour', () => {
  expect(shown([decision(false)])).toBe(
    '12:00:01.005 ✕ send is denied dynamodb:Scan on table/People: because no identity-based policy allows it\n',
  )
})

test('only some kinds are shown where somebody asks for them', () => {
  expect(shown([said, log('about to send')], { only: new Set(['log']) })).toBe(
    '12:00:01.005 send logs: about to send\n',
  )
  const all = [said, log('START RequestId: r-1 Version: $LATEST')]
  expect(shown(all, { only: new Set(['frame']), verbose: true })).toBe(
    '12:00:01.005 client 1 → send: hello\n',
  )
  expect(kindsIn('log, frame,logs')).toEqual({ kinds: new Set(['log', 'frame']), unknown: ['logs'] })
})

test('of a flood the first lines are shown, and the rest is counted', () => {
  const text = shown(Array.from({ length: 8_060 }, () => said))
  expect(text.split('\n')).toHaveLength(62)
  expect(text).toMatch(/\n… and 8,000 more events\n$/)
})

test('a stack that has come, changed or gone is told of, and its single resources are not', () => {
  const resource = (type: string, status: string): Happening => ({
    kind: 'resource',
    stackName: 'Chat',
    logicalId: 'Chat',
    type,
    status,
  })
  const stack = 'AWS::CloudFormation::Stack'
  expect(
    shown([
      resource(stack, 'CREATE_IN_PROGRESS'),
      resource('AWS::SQS::Queue', 'CREATE_COMPLETE'),
      resource(stack, 'CREATE_COMPLETE'),
    ]),
  ).toBe('12:00:01.005 The stack Chat is CREATE_COMPLETE\n')
})

test('a terminal’s commands in a frame are shown and do nothing', () => {
  expect(shown([{ ...said, text: '\u001b[2Jgone' } as Happening])).not.toContain('\u001b')
})
