import type { Node } from 'oxc-parser'
import { removed, removedFrom, removedStatement, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { isIn } from '../../tree.ts'

export const negateCondition: Operator = {
  name: 'negate-condition',
  says: 'turns a condition round',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('IfStatement', 'ConditionalExpression', 'WhileStatement')
      .map(({ test }) => [replaced(test, `!(${tree.text(test)})`)]),
}

/** `a && b` becomes `a`, and becomes `b`. */
export const dropOperand: Operator = {
  name: 'drop-operand',
  says: 'leaves out half of a condition',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('LogicalExpression')
      .filter(({ operator }) => operator !== '??')
      .flatMap(({ start, end, left, right }): Mutation[] => [
        [removed({ start: left.end, end })],
        [removed({ start, end: right.start })],
      ]),
}

const beside: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }

/** A limit is off by one. */
export const shiftBoundary: Operator = {
  name: 'shift-boundary',
  says: 'is off by one at a limit',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('BinaryExpression')
      .filter(({ operator }) => operator in beside)
      .map(({ left, right, operator }) => [
        replaced({ start: left.end, end: right.start }, ` ${beside[operator]} `),
      ]),
}

/** `if (a) b` goes, or becomes `b`. In a `catch` that is another mistake, and so is the check of what comes in. */
export const dropGuard: Operator = {
  name: 'drop-guard',
  says: 'does always, or never, what depends on a condition',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('IfStatement')
      .filter(
        node =>
          !node.alternate &&
          !isIn(tree, node, 'CatchClause') &&
          !/^\{?\s*throw new\b/.test(tree.text(node.consequent)),
      )
      .flatMap((node): Mutation[] => [
        [removedStatement(tree, node)],
        ...(isJump(node.consequent) ? [] : [[removed({ start: node.start, end: node.consequent.start })]]),
      ]),
}

/** A jump without a condition leaves the rest unreachable, which is not what somebody would write. */
const isJump = ({ type }: Node): boolean => type === 'ReturnStatement' || type === 'BreakStatement'

/** A case of a `switch` goes. A label that falls through goes alone. */
export const dropCase: Operator = {
  name: 'drop-case',
  says: 'forgets one of the cases',
  appliesTo: 'handler',
  find: tree =>
    tree.all('SwitchStatement').flatMap(({ cases }) => cases.map(one => [removedFrom([one], one)])),
}
