import { expect, test } from 'vitest'
import { describer } from './describe.ts'
import { rowsOfEvidence } from './evidence.ts'
import { decision, directory, event, frame } from './sample.fixture.ts'

const place = { apiId: 'a1b2c3', stage: 'live' }
const names = { ...directory, clients: { 'ana=': 'ana', 'ben=': 'ben' } }
const came = (connectionId: string, status = 101) =>
  event({ kind: 'handshake', ...place, connectionId, status })
const logged = (message: string) =>
  event({ kind: 'log', logGroup: 'chat-SendLogs-W', logStream: 's', message })

test('each line of evidence leads to the row that it tells of, and a text that comes twice to two rows', () => {
  const long = `{"text":"${'x'.repeat(700)}"}`
  const events = [
    came('ana='),
    came('ben='),
    frame('hello'),
    frame('hello', { direction: 'out', connectionId: 'ben=' }),
    frame('hello'),
    frame(long),
    decision('dynamodb:Scan', 'arn:aws:dynamodb:us-east-1:1:table/chat-Connections-Y', false),
    logged(
      '2026-11-30T00:00:00.000Z\tr-1\tERROR\tInvoke Error\t{"errorType":"TypeError","errorMessage":"no list"}',
    ),
    event({ kind: 'close', ...place, connectionId: 'ben=', code: 1001, reason: 'Going away' }),
  ]
  const describe = describer()
  const rows = events.map(one => describe(one, names))
  const lines = [
    'ana connected (101)',
    'ben connected (101)',
    'ana > hello',
    'ben < hello',
    'ana > hello',
    `ana > {"text":"xxx … (690 characters) … xxx"}`,
    'sendMessage logged: AccessDeniedException: User: u is not authorized to perform: dynamodb:Scan on resource: r',
    'sendMessage logged: TypeError: no list',
    'ben closed 1001 "Going away"',
    'something that no row tells',
  ]
  expect(rowsOfEvidence(lines, rows).map(row => row?.id)).toEqual([...events.map(one => one.id), undefined])
})

test('who said it counts: the same words of another client are another row', () => {
  const events = [frame('hi', { connectionId: 'ben=' }), frame('hi')]
  const describe = describer()
  const rows = events.map(one => describe(one, names))
  expect(rowsOfEvidence(['ana > hi', 'cyd > hi'], rows).map(row => row?.id)).toEqual([
    events[1]!.id,
    undefined,
  ])
})
