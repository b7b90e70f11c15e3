import { expect, test } from 'vitest'
import { inputFor } from './input.ts'
import type { BusEvent, Target } from './rule.ts'

const event: BusEvent = {
  version: '0',
  id: 'id-1',
  'detail-type': 'Said',
  source: 'my.chat',
  account: '123456789012',
  time: '2026-12-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { text: 'he said "hi"', who: { name: 'Ana' }, n: 7 },
}
const rule = { name: 'all', arn: 'arn:rule' }
const given = (target: Omit<Target, 'Id' | 'Arn'>) =>
  inputFor({ Id: '1', Arn: 'arn', ...target }, event, rule)
const transformed = (InputTemplate: string) =>
  given({
    InputTransformer: {
      InputPathsMap: { text: '$.detail.text', who: '$.detail.who', n: '$.detail.n', no: '$.detail.no' },
      InputTemplate,
    },
  })

test('a target gets the event, a constant, or a part of it', () => {
  expect(JSON.parse(given({}))).toEqual(event)
  expect(given({ Input: '{"a":1}' })).toBe('{"a":1}')
  expect(given({ InputPath: '$.detail.who' })).toBe('{"name":"Ana"}')
})

test.each([
  ['{"said": <text>, "by": <who>, "n": <n>}', { said: 'he said "hi"', by: { name: 'Ana' }, n: 7 }],
  ['{"line": "<n>: <text>"}', { line: '7: he said "hi"' }],
  ['"just <n>"', 'just 7'],
  ['{"who": "<who>"}', { who: '{name:Ana}' }],
  ['{"missing": <no>, "in": "<no>"}', { missing: null, in: '' }],
  ['{"unknown": "<other>"}', { unknown: '<other>' }],
  ['{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>}', { rule: 'all', arn: 'arn:rule' }],
  ['{"all": <aws.events.event.json>}', { all: event }],
  ['{"quote": "a \\"<n>\\" b"}', { quote: 'a "7" b' }],
])('%s is filled in', (template, result) => {
  expect(JSON.parse(transformed(template))).toEqual(result)
})
