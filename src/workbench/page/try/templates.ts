import type { Row } from '../../model/row.ts'

/** How many templates are offered. */
const MOST = 6

const newsroom = [
  '{"type":"connection_init"}',
  '{"id":"1","type":"subscribe","payload":{"query":"subscription { message { content } }"}}',
  '{"id":"2","type":"subscribe","payload":{"query":"mutation { say(content: \\"hello\\") { sentAt } }"}}',
]

/** Frames that a lab's clients send, with places to fill in. */
const ofLabs: Readonly<Record<string, readonly string[]>> = {
  'lab0-look-around': ['{"action":"say","text":"hello"}', '{"action":"sing"}'],
  'lab1-missing-route': ['{"action":"message","text":"hello"}', '{"action":"whoami"}', '{"action":"dance"}'],
  'lab2-wrong-permissions': ['{"action":"sendMessage","text":"hello"}'],
  'lab3-authentication': ['{"action":"sendMessage","text":"hello"}'],
  'lab4-stale-connections': ['{"action":"sendMessage","text":"hello"}'],
  'lab6-graphql-subscriptions': newsroom,
  'lab7-at-least-once': newsroom,
  'lab8-the-way-back': ['{"action":"order","text":"two rolls"}'],
  'lab9-not-on-the-stage': ['{"action":"say","text":"hello"}', '{"action":"whoami"}'],
  'lab10-the-answer-nobody-hears': [
    '{"action":"quote","id":"1","text":"For Ada"}',
    '{"action":"order","id":"2","text":"For Ada"}',
    '{"action":"seen","id":"2"}',
    '{"action":"ping"}',
  ],
}

/** Frames to begin with: the lab's own, and what clients have said. */
export function templatesOf(lab: string | undefined, rows: readonly Row[]): string[] {
  const said = rows.flatMap(({ event }) =>
    event.kind === 'frame' && event.direction === 'in' && event.text.length <= 160 ? event.text : [],
  )
  return [...new Set([...(ofLabs[lab ?? ''] ?? []), ...said.reverse()])].slice(0, MOST)
}
