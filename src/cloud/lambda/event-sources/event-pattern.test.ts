import { expect, test } from 'vitest'
import { readPattern } from './event-pattern.ts'
import { readFilters } from './filter.ts'

const matches = (pattern: object, event: unknown) => readPattern(JSON.stringify(pattern))(event)

test.each<[string, object, unknown, boolean]>([
  ['a value', { a: ['x'] }, { a: 'x' }, true],
  ['another value', { a: ['x'] }, { a: 'y' }, false],
  ['one of several values', { a: ['x', 'y'] }, { a: 'y' }, true],
  ['all keys', { a: ['x'], b: ['y'] }, { a: 'x', b: 'z' }, false],
  ['a number is no text', { a: [1] }, { a: '1' }, false],
  ['null is there', { a: [null] }, { a: null }, true],
  ['null is not nothing', { a: [null] }, {}, false],
  ['empty text', { a: [''] }, { a: '' }, true],
  ['deeper keys', { a: { b: { c: [true] } } }, { a: { b: { c: true } } }, true],
  ['an inherited key', { toString: [{ exists: true }] }, {}, false],
  ['an element of an array', { a: ['x'] }, { a: ['w', 'x'] }, true],
  [
    'one and the same element',
    { a: { b: [1], c: [2] } },
    {
      a: [
        { b: 1, c: 9 },
        { b: 8, c: 2 },
      ],
    },
    false,
  ],
  ['an element of objects', { a: { b: [1], c: [2] } }, { a: [{ b: 0 }, { b: 1, c: 2 }] }, true],
  ['exists', { a: [{ exists: true }] }, { a: null }, true],
  ['exists at the end of a path only', { a: [{ exists: true }] }, { a: { b: 1 } }, false],
  ['does not exist', { a: { b: [{ exists: false }] } }, {}, true],
  ['prefix', { a: [{ prefix: 'ab' }] }, { a: 'abc' }, true],
  ['prefix of a number', { a: [{ prefix: '1' }] }, { a: 12 }, false],
  ['prefix in any case', { a: [{ prefix: { 'equals-ignore-case': 'AB' } }] }, { a: 'abc' }, true],
  ['suffix', { a: [{ suffix: 'bc' }] }, { a: 'abc' }, true],
  ['any case', { a: [{ 'equals-ignore-case': 'ABC' }] }, { a: 'abC' }, true],
  ['wildcard', { a: [{ wildcard: 'a*c.d' }] }, { a: 'abc.d' }, true],
  ['a wildcard is no regular expression', { a: [{ wildcard: 'a*c.d' }] }, { a: 'abcxd' }, false],
  ['anything but', { a: [{ 'anything-but': ['x', 1] }] }, { a: 'y' }, true],
  ['not that', { a: [{ 'anything-but': ['x', 1] }] }, { a: 1 }, false],
  ['a missing key is not anything', { a: [{ 'anything-but': 'x' }] }, {}, false],
  ['anything but a prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'xy' }, false],
  ['numeric', { a: [{ numeric: ['=', 5] }] }, { a: 5.0 }, true],
  ['a range', { a: [{ numeric: ['>=', 1, '<', 5] }] }, { a: 1 }, true],
  ['outside the range', { a: [{ numeric: ['>=', 1, '<', 5] }] }, { a: 5 }, false],
  ['numeric of a text', { a: [{ numeric: ['>', 1] }] }, { a: '2' }, false],
  ['an address', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.7' }, true],
  ['another network', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.1.7' }, false],
  ['$or', { $or: [{ a: ['x'] }, { b: [1] }], c: [true] }, { b: 1, c: true }, true],
  ['$or, neither', { $or: [{ a: ['x'] }, { b: [1] }], c: [true] }, { a: 'y', c: true }, false],
])('a pattern: %s', (_, pattern, event, expected) => {
  expect(matches(pattern, event)).toBe(expected)
})

test.each([
  'null',
  'simple string',
  '{}',
  '{"eventSource":"aws:sqs"}',
  '{"eventSource":[]}',
  '{"a":[["x"]]}',
  '{"a":[{"prefix":1}]}',
  '{"a":[{"like":"x"}]}',
  '{"a":[{"toString":"x"}]}',
  '{"a":[{"prefix":"x","suffix":"y"}]}',
  '{"a":[{"exists":"yes"}]}',
  '{"a":[{"numeric":[]}]}',
  '{"a":[{"numeric":[">","1"]}]}',
  '{"a":[{"numeric":[">",5,"<",1]}]}',
  '{"a":[{"anything-but":[null]}]}',
  '{"a":[{"cidr":"10.0.0.0"}]}',
])('no pattern: %s', pattern => {
  expect(() => readFilters([pattern])).toThrow('Invalid filter pattern definition.')
})

test.each<[string, object, string, boolean]>([
  ['JSON for JSON', { body: { kind: ['order'] } }, '{"kind":"order"}', true],
  ['other JSON', { body: { kind: ['order'] } }, '{"kind":"offer"}', false],
  ['plain text for JSON', { body: { kind: ['order'] } }, 'order', false],
  ['plain text for "does not exist"', { body: { kind: [{ exists: false }] } }, 'order', false],
  ['plain text for text', { body: [{ prefix: 'ord' }] }, 'order', true],
  ['JSON for text', { body: [{ prefix: '{' }] }, '{"kind":"order"}', false],
  ['whatever, by an attribute', { messageAttributes: { kind: { stringValue: ['x'] } } }, 'order', true],
  ['another attribute', { messageAttributes: { kind: { stringValue: ['y'] } } }, 'order', false],
  ['a system attribute', { attributes: { SenderId: ['AIDA'] } }, '{}', true],
])('a filter lets through: %s', (_, pattern, body, expected) => {
  const filter = readFilters([JSON.stringify(pattern)])
  const kind = { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' } as const
  expect(
    filter({
      messageId: 'm',
      receiptHandle: 'r',
      body,
      attributes: { SenderId: 'AIDA' },
      messageAttributes: { kind },
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:q',
      awsRegion: 'us-east-1',
    }),
  ).toBe(expected)
})

test('one filter of several is enough, and there are five at most', () => {
  const pattern = (kind: string) => JSON.stringify({ body: { kind: [kind] } })
  expect(() => readFilters(['a', 'b', 'c', 'd', 'e'].map(pattern))).not.toThrow()
  expect(() => readFilters(['a', 'b', 'c', 'd', 'e', 'f'].map(pattern))).toThrow(/limit of 5/)
})
