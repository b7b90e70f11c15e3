import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { compileFilter, type Scope } from './filter-policy.ts'

const compile = (policy: unknown, scope: Scope = 'MessageAttributes', where = '') =>
  compileFilter(typeof policy === 'string' ? policy : JSON.stringify(policy), scope, where)

type Attributes = Readonly<Record<string, string | number | readonly unknown[]>>

const passes = (policy: unknown, attributes: Attributes) =>
  compile(policy)({
    message: 'text',
    attributes: new Map(
      Object.entries(attributes).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? { type: 'String', value }
          : typeof value === 'number'
            ? { type: 'Number', value: String(value) }
            : { type: 'String.Array', value: JSON.stringify(value) },
      ]),
    ),
  })

const passesBody = (policy: unknown, body: unknown) =>
  compile(
    policy,
    'MessageBody',
  )({ message: typeof body === 'string' ? body : JSON.stringify(body), attributes: new Map() })

const complaint = (policy: unknown, scope?: Scope, where?: string) => {
  try {
    compile(policy, scope, where)
  } catch (error) {
    if (error instanceof AwsError) return error.message
    throw error
  }
  return undefined
}

test.each<[unknown, Attributes, boolean]>([
  [{ store: ['a'] }, { store: 'a' }, true],
  [{ store: ['a'] }, { store: 'A' }, false],
  [{ store: ['a'] }, {}, false],
  [{ store: ['a', 'b'], kind: ['x'] }, { store: 'b', kind: 'x' }, true],
  [{ store: ['a', 'b'], kind: ['x'] }, { store: 'b' }, false],
  [{ store: ['1'] }, { store: 1 }, false],
  [{ price: [100] }, { price: 100 }, true],
  [{ price: [100] }, { price: 1e2 }, true],
  [{ price: [100] }, { price: '100' }, false],
  [{ likes: ['rugby'] }, { likes: ['golf', 'rugby'] }, true],
  [{ likes: ['rugby'] }, { likes: ['golf'] }, false],
  [{ likes: [true, null] }, { likes: [null] }, true],
  [{ likes: [true] }, { likes: 'true' }, false],
  [{ s: [{ prefix: 'au' }] }, { s: 'auto' }, true],
  [{ s: [{ prefix: 'au' }] }, { s: 'bauto' }, false],
  [{ s: [{ prefix: { 'equals-ignore-case': 'AU' } }] }, { s: 'auto' }, true],
  [{ s: [{ suffix: '.png' }] }, { s: 'a.png' }, true],
  [{ s: [{ suffix: '.png' }] }, { s: 'a.jpg' }, false],
  [{ s: [{ suffix: { 'equals-ignore-case': '.PNG' } }] }, { s: 'a.png' }, true],
  [{ s: [{ 'equals-ignore-case': 'Tennis' }] }, { s: 'tENNIS' }, true],
  [{ s: [{ wildcard: '*/src/*.js' }] }, { s: 'app/src/index.js' }, true],
  [{ s: [{ wildcard: '*-error' }] }, { s: 'system-warning' }, false],
  [{ s: [{ wildcard: 'a?c' }] }, { s: 'abc' }, false],
  [{ s: [{ wildcard: 'a\\*c' }] }, { s: 'a*c' }, true],
  [{ s: [{ wildcard: 'a\\*c' }] }, { s: 'abc' }, false],
  [{ s: [{ wildcard: '*' }] }, { s: '' }, true],
  [{ s: [{ cidr: '10.0.0.0/24' }] }, { s: '10.0.0.255' }, true],
  [{ s: [{ cidr: '10.0.0.0/24' }] }, { s: '10.0.1.1' }, false],
  [{ s: [{ cidr: '10.0.0.0/24' }] }, { s: 'no address' }, false],
  [{ s: [{ cidr: '2001:db8::/32' }] }, { s: '2001:db8:1::1' }, true],
  [{ s: [{ 'anything-but': 'rugby' }] }, { s: 'golf' }, true],
  [{ s: [{ 'anything-but': ['rugby', 'golf'] }] }, { s: 'golf' }, false],
  [{ s: [{ 'anything-but': ['rugby', 'golf'] }] }, { s: ['golf', 'tennis'] }, true],
  [{ s: [{ 'anything-but': 'rugby' }] }, {}, false],
  [{ s: [{ 'anything-but': [100, 200] }] }, { s: 100 }, false],
  [{ s: [{ 'anything-but': [100, 200] }] }, { s: 101 }, true],
  [{ s: [{ 'anything-but': { prefix: 'test-' } }] }, { s: 'test-1' }, false],
  [{ s: [{ 'anything-but': { prefix: 'test-' } }] }, { s: 'prod' }, true],
  [{ s: [{ 'anything-but': { wildcard: '*-error' } }] }, { s: 'a-error' }, false],
  [{ s: [{ 'anything-but': { wildcard: '*-error' } }] }, { s: 'a-info' }, true],
  [{ n: [{ numeric: ['=', 301.5] }] }, { n: 301.5 }, true],
  [{ n: [{ numeric: ['<', 10] }] }, { n: 10 }, false],
  [{ n: [{ numeric: ['<=', 10] }] }, { n: 10 }, true],
  [{ n: [{ numeric: ['>=', 10] }] }, { n: 9.99 }, false],
  [{ n: [{ numeric: ['>', 0, '<=', 100] }] }, { n: 100 }, true],
  [{ n: [{ numeric: ['>', 0, '<=', 100] }] }, { n: 0 }, false],
  [{ n: [{ numeric: ['>', 0] }] }, { n: '5' }, false],
  [{ s: [{ exists: true }] }, { s: 'x' }, true],
  [{ s: [{ exists: true }] }, {}, false],
  [{ s: [{ exists: false }] }, {}, false],
  [{ s: [{ exists: false }] }, { other: 'x' }, true],
  [{ s: [{ exists: false }] }, { s: 'x' }, false],
  [{ s: [{ exists: false }, 'x'] }, { s: 'x' }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { a: '2' }, false],
  [{ c: ['3'], $or: [{ a: ['1'] }, { b: ['2'] }] }, { a: '1' }, false],
])('attributes: %j lets %j through: %s', (policy, attributes, expected) => {
  expect(passes(policy, attributes)).toBe(expected)
})

test('a binary attribute is not compared, and one that is no list has no elements', () => {
  const attributes = (type: string, value: string) => ({
    message: '',
    attributes: new Map([['s', { type, value }]]),
  })
  expect(compile({ s: ['AgME'] })(attributes('Binary', 'AgME'))).toBe(false)
  expect(compile({ s: [{ exists: true }] })(attributes('String.Array', 'golf'))).toBe(false)
  expect(compile({ s: ['golf'] })(attributes('String.mine', 'golf'))).toBe(true)
  expect(compile({ s: [5] })(attributes('Number.int', '5'))).toBe(true)
})

const records = (...list: readonly (readonly [key: string, eventName: string])[]) => ({
  Records: list.map(([key, eventName]) => ({ eventName, s3: { object: [[{ key }]] } })),
})
const created = {
  Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'Created' }] },
}

test.each<[unknown, unknown, boolean]>([
  [{ object: { key: [{ prefix: 'auto-' }] } }, { object: { key: 'auto-x' } }, true],
  [
    { object: { key: [{ prefix: 'auto-' }] }, test: [{ exists: false }] },
    { object: { key: 'auto-x' }, test: 1 },
    false,
  ],
  [{ a: ['x'] }, 'no JSON', false],
  [{ a: [{ exists: false }] }, '"a text"', false],
  [{ a: [{ exists: false }] }, '[]', false],
  [{ 'a.b': ['x'] }, { a: { b: 'x' } }, true],
  [{ a: { b: ['x'] } }, { 'a.b': 'x' }, true],
  [{ to: ['q1'] }, { to: ['q2', 'q1'] }, true],
  [{ to: [{ exists: true }] }, { to: [] }, false],
  [{ n: [5] }, { n: 5.0 }, true],
  [{ n: ['5'] }, { n: 5 }, false],
  [{ n: [null] }, { n: null }, true],
  [created, records(['auto-1', 'Created']), true],
  [created, records(['home-1', 'Created'], ['auto-1', 'Created']), true],
  // Each of the two is somewhere, but in no record are both.
  [created, records(['auto-1', 'Removed'], ['home-1', 'Created']), false],
  [
    { $or: [{ m: ['cpu'] }, { n: ['ec2'] }], d: { s: ['x'], $or: [{ a: [1] }, { b: [2] }] } },
    { n: 'ec2', d: { s: 'x', b: 2 } },
    true,
  ],
  [
    { $or: [{ m: ['cpu'] }, { n: ['ec2'] }], d: { s: ['x'], $or: [{ a: [1] }, { b: [2] }] } },
    { n: 'ec2', d: { s: 'x', b: 1 } },
    false,
  ],
])('body: %j lets %j through: %s', (policy, body, expected) => {
  expect(passesBody(policy, body)).toBe(expected)
})

const at = (policy: string, column: number) =>
  `\n at [Source: (String)"${policy}"; line: 1, column: ${column}]`

// Every one of these was captured on AWS.
test.each<[string, string, number | undefined]>([
  ['{"key":[["value"]]}', 'Match value must be String, number, true, false, or null', 10],
  ['{"key":[{"wrong-operator":true}]}', 'Unrecognized match type wrong-operator', 31],
  ['{"key":[{"suffix":"value","prefix":"value2"}]}', 'Only one key allowed in match expression', 37],
  ['{"key":[]}', 'Empty arrays are not allowed', 10],
  ['{"key":[{"suffix":100}]}', 'suffix match pattern must be a string', 22],
  ['{"key":[{"suffix":null}]}', 'suffix match pattern must be a string', 23],
  ['{"key":[{"suffix":[]}]}', 'suffix match pattern must be a string', 20],
  ['{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19],
  ['{"key":{"not-an-operator":"value"}}', '"not-an-operator" must be an object or an array', 28],
  ['{"key_a":"value_one"}', '"key_a" must be an object or an array', 11],
  ['{"key":[{"cidr":["bad-filter"]}]}', 'prefix match pattern must be a string', 18],
  ['{"key":[{"cidr":"bad-filter"}]}', "Malformed CIDR, one '/' required", undefined],
  ['{"key":[{"cidr":"bad-filter/64"}]}', 'Nonstandard IP address: bad-filter', undefined],
  ['{"key":[{"cidr":"bad-filter/x"}]}', 'Malformed CIDR, mask bits must be an integer', undefined],
  ['{"key":[{"cidr":"xx.11.xx/8"}]}', 'Nonstandard IP address: xx.11.xx', undefined],
  ['{"key":[{"cidr":"xxxx:db8:1234:1a00::/64"}]}', 'Nonstandard IP address: xxxx:db8:1234:1a00::', undefined],
  ['{"key":[{"numeric":[]}]}', 'Invalid member in numeric match: ]', 22],
  ['{"key":[{"numeric":["operator"]}]}', 'Unrecognized numeric range operator: operator', 32],
  ['{"key":[{"numeric":[1,"<="]}]}', 'Invalid member in numeric match: 1', 22],
  ['{"key":[{"numeric":["=","000"]}]}', 'Value of equals must be numeric', 26],
  ['{"key":[{"numeric":[">="]}]}', 'Value of >= must be numeric', 26],
  ['{"key":[{"numeric":["<",100,">",10]}]}', 'Too many elements in numeric expression', 30],
  ['{"key":[{"numeric":[">=",1,">",2]}]}', 'Bad numeric range operator: >', 31],
  ['{"key":[{"numeric":[">",3,"<",1]}]}', 'Bottom must be less than top', 33],
  ['{"key":[{"numeric":[">",20,"<="]}]}', 'Value of <= must be numeric', 33],
  ['{"key":[{"numeric":[">",20,30]}]}', 'Bad value in numeric range: 30', 30],
  ['{"key":[{"numeric":[">",20,"test"]}]}', 'Bad numeric range operator: test', 34],
  ['{"key":[{"numeric":[">","20","<","30"]}]}', 'Value of > must be numeric', 26],
  ['{"key":[{"numeric":[">",20,"<","30"]}]}', 'Value of < must be numeric', 33],
  ['{"key":[{"numeric":[">",20,"<",30,"<",50]}]}', 'Too many terms in numeric range expression', 36],
  ['{"key":[{"exists":null}]}', 'exists match pattern must be either true or false.', 23],
  ['{"key":[{"exists":"no"}]}', 'exists match pattern must be either true or false.', 20],
  [
    '{"key":[{"anything-but":{"wrong-operator":null}}]}',
    'Unsupported anything-but pattern: wrong-operator',
    47,
  ],
  ['{"key":[{"anything-but":{"suffix":"test"}}]}', 'Unsupported anything-but pattern: suffix', 36],
  ['{"key":[{"anything-but":{"exists":false}}]}', 'Unsupported anything-but pattern: exists', 40],
  ['{"key":[{"anything-but":{"prefix":false}}]}', 'prefix match pattern must be a string', 40],
])('%s is refused: %s', (policy, problem, column) => {
  const where = 'Attributes Reason: '
  const place = column === undefined ? '' : at(policy, column)
  expect(complaint(policy, 'MessageBody', where)).toBe(
    `Invalid parameter: ${where}FilterPolicy: ${problem}${place}`,
  )
})

const redacted =
  '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: '

test.each([
  [
    '{invalidjson}',
    "Unexpected character ('i' (code 105)): was expecting double-quote to start field name",
    2,
  ],
  [
    'invalid',
    "Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    8,
  ],
])('%s is no JSON, in the words of Jackson', (policy, problem, column) => {
  expect(complaint(policy)).toBe(
    `Invalid parameter: FilterPolicy: failed to parse JSON. ${problem}\n at ${redacted}${column}]`,
  )
})

test.each([
  '',
  '{"a"',
  '{"a" 1}',
  '{"a":["x"',
  '{"a":["x" "y"]}',
  '{"a":["x"], "b"}',
  '{"a":["\\q"]}',
  '{"a":["x',
  '{"a":[-]}',
])('%s is no JSON', policy => {
  expect(complaint(policy)).toMatch(/^Invalid parameter: FilterPolicy: failed to parse JSON\. /)
})

const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)
const keys = (count: number) => Object.fromEntries(many(count).map(key => [key, ['x']]))

test.each<[string, unknown, Scope, string | undefined]>([
  ['151 values', { key: many(151) }, 'MessageAttributes', 'FilterPolicy: Filter policy is too complex'],
  ['150 values', { key: many(150) }, 'MessageAttributes', undefined],
  [
    '100 × 51',
    { a: many(100), b: many(51) },
    'MessageAttributes',
    'FilterPolicy: Filter policy is too complex',
  ],
  ['six keys', keys(6), 'MessageAttributes', 'FilterPolicy: Filter policy can not have more than 5 keys'],
  ['five keys', keys(5), 'MessageAttributes', undefined],
  [
    'nested attributes',
    { a: { b: ['x'] } },
    'MessageAttributes',
    'Filter policy scope MessageAttributes does not support nested filter policy',
  ],
  // 4 × 6 + 4 × 4 × 4 + 4 × 4 × 4 = 152
  ['an $or too many', or(4, 6, 4, 4), 'MessageAttributes', 'FilterPolicy: Filter policy is too complex'],
  // 3 × 6 + 3 × 4 × 4 + 3 × 4 × 7 = 150
  ['an $or', or(3, 6, 4, 7), 'MessageAttributes', undefined],
  // Depth counts: (3 × 4 × 2) + (3 × 4 × 6) + (2 × 4 × 2) + (2 × 4 × 6) = 160
  [
    'a nested $or',
    { $or: [{ m: many(3) }, { n: many(2) }], d: { s: many(2), $or: [{ x: many(1) }, { y: many(3) }] } },
    'MessageBody',
    'FilterPolicy: Filter policy is too complex',
  ],
  [
    'four stars',
    { a: [{ wildcard: '*a*b*c*' }] },
    'MessageBody',
    'FilterPolicy: Filter policy is too complex',
  ],
  ['three stars', { a: [{ wildcard: '*a*b*' }] }, 'MessageBody', undefined],
  [
    'wildcards in plenty',
    { a: many(11).map(text => ({ wildcard: `${text}*` })) },
    'MessageBody',
    'FilterPolicy: Filter policy is too complex',
  ],
])('limits: %s', (_, policy, scope, problem) => {
  expect(complaint(policy, scope)).toBe(problem && `Invalid parameter: ${problem}`)
})

function or(source: number, metricName: number, metricId: number, spaceId: number) {
  return {
    source: many(source),
    $or: [
      { metricName: many(metricName) },
      { metricType: many(4), $or: [{ metricId: many(metricId) }, { spaceId: many(spaceId) }] },
    ],
  }
}

test('a long policy is shown cut', () => {
  const policy = `{"key":["${'x'.repeat(600)}",[]]}`
  expect(complaint(policy)).toContain(
    `"${policy.slice(0, 500)}"[truncated ${policy.length - 500} chars]; line: 1`,
  )
})
