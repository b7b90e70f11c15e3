import type { Node } from 'oxc-parser'
import { after, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { bare, calledName, functionAround, nameOf, type Of, propertiesOf, type Tree } from '../../tree.ts'

/** `JSON.stringify(…)` with one argument. */
const stringified = (tree: Tree): { node: Of<'CallExpression'>; argument: Node }[] =>
  tree.all('CallExpression').flatMap(node => {
    const [argument] = node.arguments
    return argument && node.arguments.length === 1 && tree.text(node.callee) === 'JSON.stringify'
      ? [{ node, argument }]
      : []
  })

/** The values of members that go somewhere: `{ text }`, `{ text: event.text }`. */
function members(tree: Tree): { node: Of<'Property'>; name: string; value: string }[] {
  return tree.all('ObjectExpression').flatMap(object =>
    propertiesOf(object).flatMap(node => {
      const name = nameOf(node.key)
      const value = node.value
      const isValue =
        value.type === 'Identifier' ||
        (value.type === 'MemberExpression' && !tree.text(value).startsWith('process.env'))
      return isValue && name !== undefined && !noText.test(name) && functionAround(tree, node)
        ? [{ node, name, value: tree.text(value) }]
        : []
    }),
  )
}

/** Members that hold no text. Where types are checked the compiler says so; JavaScript has none. */
const noText = /^(resolve|reject|client|length|signal|sha256|registered|delivered|failed|host|pathname)$/

/** Names of things that nobody writes by hand, and that have no blanks and no great length. */
const isId = (name: string): boolean =>
  /(id|name|arn|resource|key|handle|url|type|protocol|part|place|delivery|expiresAt|sentAt)$/i.test(name)

const changed = (name: string, says: string, call: string, takes: (name: string) => boolean): Operator => ({
  name,
  says,
  appliesTo: 'handler',
  find: tree => [
    ...members(tree)
      .filter(one => takes(one.name))
      .map((one): Mutation => [replaced(one.node, `${one.name}: ${one.value}${call}`)]),
  ],
})

export const trimText = changed(
  'trim-text',
  'trims a text',
  '?.trim()',
  // JSON has no blanks around it.
  name => !isId(name) && !/^(Data|Message|Payload|body)$/.test(name),
)
export const lowerText = changed(
  'lower-text',
  'turns a text into small letters',
  '?.toLowerCase()',
  () => true,
)
export const cutText = changed('cut-text', 'cuts a text', '?.slice(0, 100)', name => !isId(name))

/** What is sent, as a whole. */
export const cutJson: Operator = {
  name: 'cut-json',
  says: 'cuts or lowers a message as a whole',
  appliesTo: 'handler',
  find: tree =>
    stringified(tree).flatMap(({ node }): Mutation[] =>
      tree.ancestors(node).some(one => one.type === 'CallExpression' && /^console\b/.test(tree.text(one)))
        ? []
        : [[after(node, '.slice(0, 100)')], [after(node, '.toLowerCase()')]],
    ),
}

/** `{"text":"${text}"}`: right until somebody says a quotation mark. */
export const jsonByHand: Operator = {
  name: 'json-by-hand',
  says: 'builds JSON by hand',
  appliesTo: 'handler',
  find: tree =>
    stringified(tree).flatMap(({ node, argument }): Mutation[] => {
      if (
        argument.type === 'ObjectExpression' &&
        propertiesOf(argument).length === argument.properties.length
      ) {
        return [
          [
            replaced(
              node,
              byHand(propertiesOf(argument).map(one => [nameOf(one.key) ?? '', tree.text(one.value)])),
            ),
          ],
        ]
      }
      const names = membersGiven(tree, argument)
      if (!names) return []
      return [[replaced(node, byHand(names.map(name => [name, `(${tree.text(argument)} as any).${name}`])))]]
    }),
}

const byHand = (named: readonly (readonly [string, string])[]): string =>
  `\`{${named.map(([name, value]) => `"${name}":"\${${value}}"`).join(',')}}\``

/** The members of what all callers in this file give for a parameter; undefined where that is not to be seen. */
function membersGiven(tree: Tree, argument: Node): readonly string[] | undefined {
  const around = functionAround(tree, argument)
  const at = around?.params.findIndex(one => nameOf(one) === nameOf(argument)) ?? -1
  const name = around?.type === 'FunctionDeclaration' ? around.id?.name : undefined
  if (at < 0 || name === undefined) return undefined
  const given = tree
    .all('CallExpression')
    .filter(call => calledName(call) === name)
    .map(call => call.arguments[at])
  const shapes = new Set(
    given.map(
      one =>
        one?.type === 'ObjectExpression' &&
        propertiesOf(one)
          .map(({ key }) => nameOf(key))
          .join(),
    ),
  )
  const [shape] = shapes
  return shapes.size === 1 && typeof shape === 'string' ? shape.split(',') : undefined
}

/** JSON in JSON. */
export const stringifyTwice: Operator = {
  name: 'stringify-twice',
  says: 'makes JSON of JSON',
  appliesTo: 'handler',
  find: tree => stringified(tree).map(({ node, argument }) => [replaced(argument, tree.text(node))]),
}

/** A key of several parts is joined by a sign that may be in one of them. */
export const joinByHand: Operator = {
  name: 'join-by-hand',
  says: 'joins the parts of a key by a sign',
  appliesTo: 'handler',
  find: tree =>
    stringified(tree).flatMap(({ node, argument }): Mutation[] =>
      argument.type === 'ArrayExpression'
        ? [
            [replaced(node, `${tree.text(argument)}.join('#')`)],
            [replaced(node, `${tree.text(argument)}.join('')`)],
          ]
        : [],
    ),
}

/** `${a} ${b}` becomes `${a}`. Not in what is written for people. */
export const dropPart: Operator = {
  name: 'drop-part',
  says: 'leaves a part of a key out',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('TemplateLiteral')
      .filter(node => node.expressions.length > 1 && !isForPeople(tree, node))
      .flatMap(({ expressions }) => expressions.map((one): Mutation => [replaced(one, "''")])),
}

/** A line of the log, or an error's message. */
const isForPeople = (tree: Tree, node: Node): boolean => {
  const call = tree.parent(node)
  if (call?.type === 'NewExpression') return /Error|Envelope/.test(calledName(call) ?? '')
  return call?.type === 'CallExpression' && /^console\b/.test(tree.text(bare(call)))
}
