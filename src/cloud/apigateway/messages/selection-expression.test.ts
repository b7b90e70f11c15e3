import { expect, test } from 'vitest'
import { compileSelection } from './selection-expression.ts'

const body = {
  action: 'join',
  service: 'chat',
  n: 1,
  yes: true,
  no: null,
  list: ['item1', 'item2'],
  deep: { er: [{ x: 'found' }], 'with-dash': 'dashed' },
}

test.each([
  ['B1', '$request.body.action', 'join'],
  ['B1', '${request.body.action}', 'join'],
  ['B1', '${request.body.service}/${request.body.action}', 'chat/join'],
  ['B1', '$request.body.service/$request.body.action', 'chat/join'],
  ['B1', 'static', 'static'],
  ['B2', '$request.body.deep.er[0].x', 'found'],
  ['B2', "$request.body.deep['with-dash']", 'dashed'],
  ['B2', '$request.body.deep.with-dash', 'dashed'],
  ['B2', '$request.body..x', '[found]'],
  ['B3', '${request.body.action}-${request.body.invalidPath}', 'join-'],
  ['B3', '$request.body.action.more', ''],
  ['B3', '$request.body.constructor', ''],
  ['B3', '$request.body.__proto__', ''],
  ['B4', '$request.body.list', '[item1, item2]'],
  ['B5', '$request.body.n', '1'],
  ['B5', '$request.body.yes', 'true'],
  ['assumed', '$request.body.no', ''],
  ['C2', '$default', '$default'],
  ['C12', '\\$default', '$default'],
  ['C12', '${context.routeKey}', 'act'],
  ['C12', '$stageVariables.color', 'blue'],
  ['C12', '$integration.response.statuscode', '200'],
  ['C12', '${integration.response.header.x-kind}', 'k'],
  ['C12', '${integration.response.multivalueheader.X-Kind}', '[j, k]'],
  ['C12', '${integration.response.header.none}${integration.response.multivalueheader.none}', ''],
  ['C11', '$integration.response.body.errorMessage', 'oops'],
  ['unknown', '$request.header.x', ''],
])('%s: %s gives %j', (_, expression, text) => {
  const select = compileSelection(expression)

  expect(
    select({
      body,
      context: { routeKey: 'act' },
      stageVariables: { color: 'blue' },
      integration: { status: 200, headers: { 'x-kind': ['j', 'k'] }, body: { errorMessage: 'oops' } },
    }),
  ).toBe(text)
})

test.each([undefined, null, [1], 'text', 7])('B6, B22: in %j there is nothing to be found', value => {
  expect(compileSelection('$request.body.action')({ body: value })).toBe('')
})

test('B4: what comes out is not evaluated again', () => {
  expect(compileSelection('$request.body.a')({ body: { a: '$request.body.b', b: 'x' } })).toBe(
    '$request.body.b',
  )
})

const books = [
  { title: 'A', price: 8.95, tags: ['old'], in: { stock: true } },
  { title: 'B', price: 12, isbn: '0-553', tags: [], in: { stock: false } },
  { title: "C's", price: 12, isbn: null },
]

test.each([
  ['[?(@.isbn)].title', "[B, C's]"],
  ['[?(!@.isbn)].title', '[A]'],
  ['[?(@.price < 10)].title', '[A]'],
  ['[?(@.price >= $.limit)].title', "[B, C's]"],
  ["[?(@.title == 'B')].price", '[12]'],
  ["[?(@.title != 'B' && @.price > 9)].title", "[C's]"],
  ['[?(@.price == 8.95 || @.in.stock == false)].title', '[A, B]'],
  ["[?((@.title == 'A' || @.title == 'B') && @.price == 12)].title", '[B]'],
  ['[?(@.title =~ /[ab]/i)].title', '[A, B]'],
  ["[?(@.title in ['A', \"C's\"])].title", "[A, C's]"],
  ["[?(@.title nin ['A'])].title", "[B, C's]"],
  ["[?(@.price == '12')].title", '[]'],
  ['[?(@.isbn == null)].title', "[C's]"],
  ["[?(@.tags[0] == 'old')].title", '[A]'],
  ["[?(@['in'].stock == true)].title", '[A]'],
  ['[?(@.constructor)].title', '[]'],
  ['[-1].title', "C's"],
  ['[-2:].title', "[B, C's]"],
])('B2: $request.body.books%s gives %j', (path, text) => {
  expect(compileSelection(`\${request.body.books${path}}`)({ body: { books, limit: 12 } })).toBe(text)
})

test.each([
  '[(@.length-1)]',
  '.length()',
  '[?(@.constructor.constructor("return 1")())]',
  '[?(alert(1))]',
  '[?(@.a = 1)]',
  '[?(1)]',
  '[?(@.a == 1 @.b)]',
  '[?(@.a =~ /(/)]',
  '[?(@.a ==)]',
])('scripts are refused: %s', path => {
  expect(() => compileSelection(`\${request.body.a${path}}`)).toThrow('not run here')
})
