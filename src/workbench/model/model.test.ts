import { expect, test } from 'vitest'
import { factsOf, whyNothing } from './facts.ts'
import { filterOf, usualFilter } from './filter.ts'
import { fold } from './fold.ts'
import { causesOf } from './follow.ts'
import { layOut } from './lanes.ts'
import { barsOf } from './overview.ts'
import { quoted, sameOnAws } from './same-on-aws.ts'
import { decision, directory, event, frame, invocation, rowsOf } from './sample.fixture.ts'

const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/chat-Connections-Y'

test('a frame is an arrow from its client to API Gateway, and a post is one back', () => {
  const [said, heard] = rowsOf([frame('{"text":"hi"}'), frame('hello', { direction: 'out' })])
  expect([said!.from.id, said!.to?.id, said!.tone]).toEqual(['client:ana=', 'gateway', 'in'])
  expect([heard!.from.id, heard!.to?.id, heard!.tone]).toEqual(['gateway', 'client:ana=', 'out'])
  expect(said!.twin).toBe('client 1 → sendMessage: {"text":"hi"}')
})

test('a decision is an arrow from the function that asked to the service, with the decision on it', () => {
  const [may, mayNot] = rowsOf([
    decision('dynamodb:Scan', table, true),
    decision('dynamodb:Scan', table, false),
  ])
  expect([may!.from.title, may!.to?.title, may!.label, may!.bad]).toEqual([
    'sendMessage',
    'DynamoDB',
    '✓ dynamodb:Scan',
    false,
  ])
  expect(mayNot).toMatchObject({ label: '✕ dynamodb:Scan', bad: true, tone: 'bad' })
  expect(mayNot!.twin).toBe(
    'sendMessage is denied dynamodb:Scan on table/Connections: because no identity-based policy allows it',
  )
})

test('an API Gateway action leads to API Gateway, and an invocation to its function', () => {
  const [post, invoke] = rowsOf([
    decision(
      'execute-api:ManageConnections',
      'arn:aws:execute-api:us-east-1:1:a1b2c3/live/POST/@connections/x',
      true,
    ),
    event({
      kind: 'decision',
      principal: 'apigateway.amazonaws.com',
      action: 'lambda:InvokeFunction',
      resource: 'arn:aws:lambda:us-east-1:1:function:chat-send1-X',
      allowed: true,
      because: 'allowed',
    }),
  ])
  expect(post!.to?.id).toBe('gateway')
  expect([invoke!.from.id, invoke!.to?.id]).toEqual(['gateway', 'function:chat-send1-X'])
})

test('the time in the queue and the cold start are told apart from the time of the invocation', () => {
  const message = { kind: 'message', queueName: 'Orders', messageId: 'm-1', body: '{}' }
  const sent = event({ ...message, change: 'sent' })
  const invoke = event(
    { kind: 'invoke', functionName: 'chat-send1-X', requestId: 'r-1', payload: '{}', at: sent.at + 300 },
    sent.id,
  )
  const ended = event({ ...invocation('returned', invoke.id), startMs: 180 }, invoke.id)
  expect(rowsOf([sent, invoke, ended]).at(-1)).toMatchObject({
    label: '412 ms · cold start 180 ms · 300 ms in the queue',
    twin: 'sendMessage returned after 412 ms (before that: cold start 180 ms, 300 ms in the queue)',
    took: { ms: 412, startMs: 180, waitedMs: 300 },
  })
})

test('a log line stands on the lane of the function whose log group it is in', () => {
  const [line] = rowsOf([
    event({
      kind: 'log',
      logGroup: 'chat-SendLogs-W',
      logStream: 's',
      message: '2026-11-30T00:00:00.000Z\tr-1\tERROR\tno\n',
    }),
  ])
  expect(line).toMatchObject({ from: { title: 'sendMessage' }, bad: true, label: 'ERROR no' })
})

test('the gateway’s own error frames are failures; a client’s text that looks like one in part is not', () => {
  const texts = [
    '{"message": "Internal server error", "connectionId":"x"}',
    '{"text":"Internal server error"}',
  ]
  const rows = rowsOf(texts.map(text => frame(text, { direction: 'out' })))
  expect(rows.map(row => row.bad)).toEqual([true, false])
})

test('following an event shows the whole tree of its first cause, and nothing else', () => {
  const said = frame('hi')
  const asked = decision('dynamodb:Scan', table, true, said.id + 3)
  const other = frame('something else', { connectionId: 'ben=' })
  // An invocation is told when it ends: its id may be given out before, or come after what it caused.
  const ran = event({ ...invocation('returned', said.id), id: said.id + 3 })
  const posted = frame('hi', { direction: 'out', causedBy: asked.id })
  const causes = causesOf([said, asked, other, ran, posted])
  expect([...causes.tree(posted.id)].sort()).toEqual([said.id, asked.id, ran.id, posted.id].sort())
  expect(causes.before(posted.id)).toEqual([said.id, ran.id, asked.id])
  expect([...causes.tree(other.id)]).toEqual([other.id])
})

test('a circle of causes ends', () => {
  const causes = causesOf([
    { id: 1, causedBy: 2 },
    { id: 2, causedBy: 1 },
  ])
  expect([...causes.tree(1)].sort()).toEqual([1, 2])
})

test('filters narrow by words, kind, lane, range and failures; a followed message is shown whole', () => {
  const rows = rowsOf([
    frame('{"text":"hello"}'),
    decision('dynamodb:Scan', table, false),
    event({ kind: 'log', logGroup: 'chat-SendLogs-W', logStream: 's', message: 'START RequestId: r-1' }),
    event({
      kind: 'resource',
      stackName: 'chat',
      logicalId: 'Table',
      type: 'AWS::DynamoDB::Table',
      status: 'CREATE_COMPLETE',
    }),
  ])
  const shown = (news: object) => rows.filter(filterOf({ ...usualFilter, ...news })).map(row => row.kind)
  expect(shown({})).toEqual(['frame', 'decision'])
  expect(shown({ text: 'HELLO ana' })).toEqual(['frame'])
  expect(shown({ onlyBad: true })).toEqual(['decision'])
  expect(shown({ lane: 'service:dynamodb' })).toEqual(['decision'])
  expect(shown({ range: { from: rows[1]!.id, to: rows[3]!.id } })).toEqual(['decision'])
  expect(shown({ only: new Set([rows[3]!.id]) })).toEqual(['deploy'])
  const followed = new Set(rows.map(row => row.id))
  expect(shown({ only: followed })).toEqual(['frame', 'decision', 'deploy'])
  expect(shown({ only: followed, text: 'hello' })).toEqual(['frame'])
  expect(shown({ only: followed, onlyBad: true })).toEqual(['decision'])
})

test('a burst folds into one line that counts, what clients say does not, and it opens', () => {
  const posts = Array.from({ length: 24 }, (_, at) => [
    decision(
      'execute-api:ManageConnections',
      'arn:aws:execute-api:us-east-1:1:a/live/POST/@connections/x',
      at % 8 !== 0,
    ),
    frame('hi', { direction: 'out', connectionId: `c${at}=` }),
  ]).flat()
  const rows = rowsOf([frame('hi'), ...posts])
  const lines = fold(rows, new Set())
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatchObject({
    says: '24 × execute-api:ManageConnections, 24 × frame to clients, 3 denied or failed',
    bad: 3,
  })
  expect(fold(rows, new Set([rows[1]!.id]))).toHaveLength(rows.length)
  expect(fold(rowsOf(Array.from({ length: 20 }, () => frame('again'))), new Set())).toHaveLength(20)
})

test('lanes that do not fit become one of their kind, clients first, and none gets lost', () => {
  const rows = rowsOf([
    ...['a=', 'b=', 'c=', 'd='].map(connectionId => frame('hi', { connectionId })),
    decision('dynamodb:Scan', table, true),
  ])
  const used = [
    ...new Map(
      rows.flatMap(row => [row.from, ...(row.to ? [row.to] : [])]).map(lane => [lane.id, lane]),
    ).values(),
  ]
  expect(layOut(used, 10).lanes.map(lane => lane.title)).toEqual([
    'client 1',
    'client 2',
    'client 3',
    'client 4',
    'API Gateway',
    'sendMessage',
    'DynamoDB',
  ])
  const { lanes, column } = layOut(used, 4)
  expect(lanes.map(lane => lane.title)).toEqual(['clients', 'API Gateway', 'sendMessage', 'DynamoDB'])
  expect(lanes[0]!.small).toBe('4 of them')
  expect(used.map(lane => column.get(lane.id))).toEqual([0, 1, 0, 0, 0, 2, 3])
})

test('the overview counts every shown row once, also when the clock was moved', () => {
  const rows = rowsOf(
    Array.from({ length: 500 }, (_, at) =>
      event({ ...frame('x'), at: at < 250 ? at : at + 7_200_000, id: 10_000 + at }),
    ),
  )
  const bars = barsOf(rows, () => true, 100)
  expect(bars).toHaveLength(100)
  expect(bars.map(bar => bar.count)).toEqual(Array(100).fill(5))
})

test('each event says where it is seen on AWS, in lines that a shell takes', () => {
  const denied = decision('dynamodb:Scan', table, false)
  expect(
    sameOnAws(denied, directory)
      .map(one => one.text)
      .join('\n'),
  ).toContain(
    `--policy-source-arn arn:aws:iam::123456789012:role/chat-SendRole-Z \\\n  --action-names dynamodb:Scan`,
  )
  const ran = sameOnAws(invocation('failed'), directory)
  expect(ran.map(one => one.what)).toEqual(['metric', 'log group', 'query', 'command'])
  expect(ran[1]!.text).toBe('chat-SendLogs-W')
  expect(quoted(`it's`)).toBe(`'it'\\''s'`)
})

test('a client that hears nothing is told why, where that is known', () => {
  const said = frame('hi')
  const ran = invocation('returned', said.id)
  const why = (events: ReturnType<typeof frame>[]) => {
    const rows = rowsOf(events)
    return whyNothing(rows[0]!, rows, causesOf(events))
  }
  expect(why([said])).toBeUndefined()
  expect(why([said, ran])).toMatch(/no route response/)
  expect(why([said, decision('dynamodb:Scan', table, false, ran.id), ran])).toMatch(
    /dynamodb:Scan was denied/,
  )
  expect(why([said, ran, frame('hi', { direction: 'out', causedBy: ran.id })])).toBeUndefined()
})

test('the facts of a decision name who, what, on what and why', () => {
  const facts = Object.fromEntries(factsOf(decision('dynamodb:Scan', table, false), directory))
  expect(facts).toMatchObject({
    who: 'sendMessage, as SendRole',
    what: 'dynamodb:Scan',
    'on what': 'table/Connections',
    why: 'because no identity-based policy allows it',
  })
})
