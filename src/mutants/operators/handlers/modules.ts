import { after, appended, before } from '../../edits.ts'
import type { Operator } from '../../operator.ts'
import { functionAround, type Of } from '../../tree.ts'

/** A warm function keeps what a module keeps: the first event's value is every later event's. */
export const cacheInModule: Operator = {
  name: 'cache-in-module',
  says: 'keeps a value from one event to the next',
  appliesTo: 'handler',
  find: tree =>
    tree.all('VariableDeclarator').flatMap(node => {
      const { init } = node
      const declares = tree.parent(node) as Of<'VariableDeclaration'>
      if (!init || declares.kind !== 'const' || !functionAround(tree, node) || !isOfTheMoment(init)) return []
      return [[before(init, '(kept ??= '), after(init, ')'), appended(tree, 'let kept: any')]]
    }),
}

/** A literal or a function is the same each time. */
const isOfTheMoment = ({ type }: Of<'VariableDeclarator'>['init'] & {}): boolean =>
  !['Literal', 'ArrowFunctionExpression', 'FunctionExpression', 'ArrayExpression'].includes(type)
