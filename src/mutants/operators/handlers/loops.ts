import { removed, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { bare, calledName, nameOf, type Of, type Tree } from '../../tree.ts'

/** `for (const a of all) await f(a)` becomes `Promise.all`. A loop that can be left stays one. */
export const allAtOnce: Operator = {
  name: 'all-at-once',
  says: 'does all at the same time what was done one after the other',
  appliesTo: 'handler',
  find: tree =>
    tree.all('ForOfStatement').flatMap((node): Mutation[] => {
      const { left, right, body } = node
      const text = tree.text(body)
      if (node.await || left.type !== 'VariableDeclaration' || !/\bawait\b/.test(text)) return []
      if (/\b(yield|break|continue|return)\b/.test(text)) return []
      const block = body.type === 'BlockStatement' ? text : `{ ${text} }`
      const item = tree.text(left.declarations[0]!)
      return [
        [replaced(node, `await Promise.all([...${tree.text(right)}].map(async (${item}) => ${block}))`)],
      ]
    }),
}

/** `await Promise.all(all.map(…))` becomes a loop. */
export const oneAfterTheOther: Operator = {
  name: 'one-after-the-other',
  says: 'does one after the other what was done at the same time',
  appliesTo: 'handler',
  find: tree =>
    tree.all('ExpressionStatement').flatMap((node): Mutation[] => {
      const list = mapped(tree, node)
      if (!list) return []
      return [[replaced(node, `for (const one of ${list.items}) await (${list.work})(one)`)]]
    }),
}

/** Nobody limits how many are under way. */
export const withoutLimit: Operator = {
  name: 'without-limit',
  says: 'begins with all before any is done',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('CallExpression')
      .filter(node => nameOf(node.callee) === 'each' && node.arguments.length === 3)
      .map(node => {
        const [items, , work] = node.arguments.map(one => tree.text(one))
        return [replaced(node, `Promise.all((await Array.fromAsync(${items})).map(${work}))`)]
      }),
}

function mapped(tree: Tree, node: Of<'ExpressionStatement'>): { items: string; work: string } | undefined {
  const all = bare(node.expression)
  if (all.type !== 'CallExpression' || tree.text(all.callee) !== 'Promise.all') return undefined
  const map = all.arguments[0]
  if (map?.type !== 'CallExpression' || calledName(map) !== 'map' || map.callee.type !== 'MemberExpression')
    return undefined
  return { items: tree.text(map.callee.object), work: tree.text(map.arguments[0]!) }
}

/** Milliseconds for seconds. */
export const otherUnit: Operator = {
  name: 'other-unit',
  says: 'takes milliseconds for seconds, or rounds nothing',
  appliesTo: 'handler',
  find: tree => [
    ...tree
      .all('BinaryExpression')
      .filter(({ operator, right }) => operator === '/' && tree.text(right) === '1000')
      .map(({ left, end }): Mutation => [removed({ start: left.end, end })]),
    ...tree
      .all('CallExpression')
      .filter(node => tree.text(node.callee) === 'Math.floor')
      .map((node): Mutation => [replaced(node.callee, 'String')]),
  ],
}

/** A hundred times as much, or a hundredth. One, and what is only added, is no quantity. */
export const otherNumber: Operator = {
  name: 'other-number',
  says: 'uses a number that is far too large or too small',
  appliesTo: 'handler',
  find: tree => [
    ...tree.all('VariableDeclarator').flatMap((node): Mutation[] => {
      const { init } = node
      const isConstant = init && tree.ancestors(node).every(one => !/Function/.test(one.type))
      return isConstant && /^[\d_ *]+$/.test(tree.text(init)) ? scaled(init, tree.text(init)) : []
    }),
    ...tree
      .all('CallExpression')
      .filter(({ callee }) => !tree.text(callee).startsWith('process.'))
      .flatMap(({ arguments: given }) =>
        given.flatMap(one =>
          one.type === 'Literal' && typeof one.value === 'number' && one.value > 1
            ? scaled(one, tree.text(one))
            : [],
        ),
      ),
    ...tree
      .all('Property')
      .flatMap(({ key, value }) =>
        value.type === 'Literal' &&
        typeof value.value === 'number' &&
        value.value > 1 &&
        nameOf(key) !== 'statusCode'
          ? scaled(value, tree.text(value))
          : [],
      ),
  ],
}

/** `3 * 60` becomes `18000`, and `2`. */
function scaled(place: { start: number; end: number }, text: string): Mutation[] {
  const value = text.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1)
  return [[replaced(place, `${value * 100}`)], [replaced(place, `${Math.ceil(value / 100)}`)]]
}
