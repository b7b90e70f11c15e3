import { expect, test } from 'vitest'
import { failedIds } from './report.ts'

const ids = new Set(['a', 'b'])

test.each([
  'null',
  '""',
  '{}',
  '{"statusCode":200}',
  '{"batchItemFailures":[]}',
  '{"batchItemFailures":null}',
])('all went well: %s', payload => expect([...failedIds(payload, ids)]).toEqual([]))

test.each([
  '"no"',
  '1',
  '[]',
  '{"batchItemFailures":"a"}',
  '{"batchItemFailures":["a"]}',
  '{"batchItemFailures":[null]}',
  '{"batchItemFailures":[{"itemIdentifier":""}]}',
  '{"batchItemFailures":[{"itemIdentifier":null}]}',
  '{"batchItemFailures":[{"id":"a"}]}',
  '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}',
])('all failed: %s', payload => expect([...failedIds(payload, ids)]).toEqual(['a', 'b']))

test('what is named failed', () => {
  expect([...failedIds('{"batchItemFailures":[{"itemIdentifier":"b"}]}', ids)]).toEqual(['b'])
})
