import { expect, test } from 'vitest'
import { explained, explainer } from './explain.ts'
import type { WireEvent } from './protocol.ts'
import { event, frame } from './sample.fixture.ts'

const invoke = (causedBy: number) =>
  event({ kind: 'invoke', functionName: 'chat-send1-X', requestId: 'r-1', payload: '{}' }, causedBy)
const ended = (causedBy: number, more: object) =>
  event(
    { kind: 'invocation', functionName: 'chat-send1-X', requestId: 'r-1', cold: false, ms: 3, ...more },
    causedBy,
  )
const call = (operation: string, causedBy: number) =>
  event({ kind: 'call', service: 'dynamodb', operation, principal: 'somebody' }, causedBy)
const answer = (causedBy: number) =>
  event({ kind: 'answer', service: 'dynamodb', operation: 'PutItem', status: 200, ms: 1 }, causedBy)

/** What is said of these events, at once and when all has arrived. */
function saidOf(events: readonly WireEvent[]): string[] {
  const explain = explainer()
  return [...events.flatMap(one => explain.take(one)), ...explain.later()].map(({ says }) => says)
}

const withBody = { outcome: 'returned', response: '{"statusCode":200,"body":"hello"}' }

test('a returned body that nobody heard is told of', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  expect(saidOf([said, begun, ended(begun.id, withBody)])).toEqual([
    expect.stringMatching(/^Nobody heard the body that was returned: the route has no route response/),
  ])
})

test('a returned body that its client heard is not, nor a return without one', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  const returned = ended(begun.id, withBody)
  const heard = frame('hello', { direction: 'out', causedBy: returned.id })
  expect(saidOf([said, begun, returned, heard])).toEqual([])
  expect(
    saidOf([said, begun, ended(begun.id, { outcome: 'returned', response: '{"statusCode":200}' })]),
  ).toEqual([])
})

test('a body that came to somebody else was not heard by the one that asked', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  const returned = ended(begun.id, withBody)
  const other = frame('hello', { direction: 'out', connectionId: 'ben=', causedBy: returned.id })
  expect(saidOf([said, begun, returned, other])).toHaveLength(1)
})

test('what a function behind a queue returns was never meant for the client', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  const send = call('SendMessage', begun.id)
  const message = event(
    { kind: 'message', queueName: 'q', messageId: 'm', change: 'sent', body: '' },
    send.id,
  )
  const behind = invoke(message.id)
  expect(saidOf([said, begun, send, message, behind, ended(behind.id, withBody)])).toEqual([])
})

test('a function that returned before its requests were answered is told of, with their names', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  const put = call('PutItem', begun.id)
  const post = call('PostToConnection', begun.id)
  const returned = { outcome: 'returned', response: '{"statusCode":200}' }
  expect(saidOf([said, begun, put, post, answer(put.id), ended(begun.id, returned)])).toEqual([
    expect.stringMatching(/^The function returned while PostToConnection was under way\. .*await/),
  ])
  expect(saidOf([said, begun, put, answer(put.id), ended(begun.id, returned)])).toEqual([])
})

test('a function that timed out before any request arrived may have a wss:// endpoint', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  const late = { outcome: 'timed out', because: 'Task timed out after 3.00 seconds' }
  expect(saidOf([said, begun, ended(begun.id, late)])).toEqual([expect.stringContaining('wss://')])
  expect(saidOf([said, begun, call('Scan', begun.id), ended(begun.id, late)])).toEqual([])
})

test('what is explained of events that have all arrived is found by the event', () => {
  const said = frame('hi')
  const begun = invoke(said.id)
  const returned = ended(begun.id, withBody)
  expect([...explained([said, begun, returned]).keys()]).toEqual([returned.id])
})
