import { removed } from '../../edits.ts'
import type { Operator } from '../../operator.ts'
import { functionAround, isIn } from '../../tree.ts'

/** `return await x` outside a `try` is the same as `return x`. */
export const dropAwait: Operator = {
  name: 'drop-await',
  says: 'drops an await',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('AwaitExpression')
      .filter(
        node =>
          functionAround(tree, node) !== undefined &&
          (tree.parent(node)?.type !== 'ReturnStatement' || isIn(tree, node, 'TryStatement')),
      )
      .map(node => [removed({ start: node.start, end: node.argument.start })]),
}
