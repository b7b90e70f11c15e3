import type { Node } from 'oxc-parser'
import { before } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import type { FunctionNode, Of, Tree } from '../../tree.ts'

/** The function is left before its last steps, with the answer that it would have given, or with none. */
export const returnEarly: Operator = {
  name: 'return-early',
  says: 'returns before the work is done',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('ArrowFunctionExpression', 'FunctionDeclaration', 'FunctionExpression')
      .filter(node => !node.generator && node.body?.type === 'BlockStatement')
      .flatMap(node => early(tree, node)),
}

function early(tree: Tree, node: FunctionNode): Mutation[] {
  const { body } = node.body as Of<'BlockStatement'>
  const last = body.at(-1)
  const answer = last?.type === 'ReturnStatement' ? last : undefined
  if (answer?.argument && !isFixed(tree, answer.argument)) return []
  const steps = body.filter(one => one !== answer && one.type !== 'FunctionDeclaration')
  const lastStep = steps.findLastIndex(one => one.type !== 'VariableDeclaration')
  return steps
    .slice(0, lastStep + 1)
    .filter(one => one.type !== 'VariableDeclaration' || one === steps[0])
    .map(one => [before(one, `${answer ? tree.text(answer) : 'return'};\n`)])
}

/** `{ statusCode: 200 }` is the same wherever it stands. */
const isFixed = (tree: Tree, node: Node): boolean =>
  /^[\s\w{}:'"[\],]*$/.test(tree.text(node)) && !/\b(await)\b/.test(tree.text(node))
