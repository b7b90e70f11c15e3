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
  ["[$input.json('$.nothing')]", '[""]'],
  ['$input.json(\'$.items[?(@.id == "b")]\')', '[{"id":"b"}]'],
  ["$input.path('$.items').count()", '2'],
  ["$input.path('$.text').length()$input.path('$.text').contains('hi')", '8true'],
  ["$input.path('$.text')", 'say "hi"'],
  ["#foreach($one in $input.path('$.items'))$one.id#if($foreach.hasNext),#end#end", 'a,b'],
  ["$input.path('$.items').size()", '2'],
  ["#if($input.path('$.text') == 'x')yes#{else}no#end", 'no'],
  ["$util.escapeJavaScript($input.path('$.text'))", 'say \\"hi\\"'],
  ["$util.escapeJavaScript('é / \u0001')", '\\u00E9 \\/ \\u0001'],
  ['$util.escapeJavaScript("it\'s").replaceAll("\\\\\'","\'")', "it's"],
  ["$util.urlEncode('a b&c')$util.urlDecode('a+b%26c')", 'a+b%26ca b&c'],
  ["$util.urlEncode('~(!*)-._')", '%7E%28%21*%29-._'],
  ["$stageVariables['color']${stageVariables['color']}", 'blueblue'],
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

test('an empty payload is an empty object', () => {
  expect(render("$input.json('$'), $input.body", '')).toBe('{}, ')
})

test('G7: a template has at most 300 KB', () => {
  expect(() => compileTemplate('x'.repeat(300 * 1024 + 1))).toThrow('larger than 300 KB')
  compileTemplate('x'.repeat(300 * 1024))
})

test.each([
  ['has a loop of a thousand turns', '#foreach($i in [1..1000])x#end', 1000],
  ['has a loop up to a number of its own', '#set($n = 3)#foreach($i in [1..$n])x#end', 3],
])('one that %s is rendered', (_, text, length) => {
  expect(compileTemplate(text)({ body: '{}', context: {}, stageVariables: {} })).toHaveLength(length)
})

test.each([
  ['a loop of more than 1000 turns', '#foreach($i in [1..2000000000])x#end'],
  [
    'too much to render',
    '#foreach($i in [1..999])#foreach($j in [1..999])#foreach($k in [1..9])x#end#end#end',
  ],
])('one with %s comes to an end', (why, text) => {
  const template = compileTemplate(text)
  expect(() => template({ body: '{}', context: {}, stageVariables: {} })).toThrow(why)
})

test('one that does not parse is refused when it is made', () => {
  expect(() => compileTemplate('#if(')).toThrow('Invalid mapping template')
})
