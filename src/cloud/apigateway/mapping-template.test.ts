import { expect, test } from 'vitest'
import { compileTemplate } from './mapping-template.ts'

const render = (text: string, body: unknown = {}) =>
  compileTemplate(text)({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    context: { routeKey: 'chat', identity: { sourceIp: '192.0.2.1' }, connectedAt: 5 },
    stageVariables: { color: 'blue' },
  })

test.each([
  ['plain text', 'plain text'],
  ['$context.routeKey ${context.identity.sourceIp} $context.connectedAt', 'chat 192.0.2.1 5'],
  ['[$context.nothing][$stageVariables.nothing][$context.identity.nothing]', '[][][]'],
  ['$stageVariables.color', 'blue'],
  ['$input.body', '{"items":[{"id":"a"},{"id":"b"}],"text":"say \\"hi\\""}'],
  ["$input.json('$.items[0]')", '{"id":"a"}'],
  ["$input.json('$')", '{"items":[{"id":"a"},{"id":"b"}],"text":"say \\"hi\\""}'],
  ["[$input.json('$.nothing')]", '[]'],
  ["$input.path('$.text')", 'say "hi"'],
  ["#foreach($one in $input.path('$.items'))$one.id#if($foreach.hasNext),#end#end", 'a,b'],
  ["$input.path('$.items').size()", '2'],
  ["#if($input.path('$.text') == 'x')yes#{else}no#end", 'no'],
  ["$util.escapeJavaScript($input.path('$.text'))", 'say \\"hi\\"'],
  ["$util.urlEncode('a b&c')$util.urlDecode('a+b%26c')", 'a+b%26ca b&c'],
  ["$util.base64Encode('hé')$util.base64Decode('aMOp')", 'aMOphé'],
  ['#set($text = \'{"a":{"b":1}}\')$util.parseJson($text).a.b', '1'],
])('C21: %s gives %j', (text, rendered) => {
  expect(render(text, { items: [{ id: 'a' }, { id: 'b' }], text: 'say "hi"' })).toBe(rendered)
})

test('a message that is not JSON can still be passed on', () => {
  expect(render('$util.base64Encode($input.body)', 'not json')).toBe(
    Buffer.from('not json').toString('base64'),
  )
})

test('G7: a template has at most 300 KB', () => {
  expect(() => compileTemplate('x'.repeat(300 * 1024 + 1))).toThrow('larger than 300 KB')
  compileTemplate('x'.repeat(300 * 1024))
})

test('one that does not parse is refused when it is made', () => {
  expect(() => compileTemplate('#if(')).toThrow('Invalid mapping template')
})
