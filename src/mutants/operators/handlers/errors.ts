import { after, before, removed, removedStatement, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { bare, calledName, isIn, nameOf, type Of, type Tree } from '../../tree.ts'

/** `throw error` in the `catch` of that error. */
const rethrows = (tree: Tree): { node: Of<'ThrowStatement'>; name: string; catches: Of<'CatchClause'> }[] =>
  tree.all('ThrowStatement').flatMap(node => {
    const catches = tree.ancestors(node).find(one => one.type === 'CatchClause')
    const name = nameOf(node.argument)
    return catches && name !== undefined && nameOf(catches.param) === name ? [{ node, name, catches }] : []
  })

/** The failure is noted, and nobody hears of it. Where the function answers yes or no, it answers no. */
export const swallowError: Operator = {
  name: 'swallow-error',
  says: 'logs an error and goes on as if nothing had happened',
  appliesTo: 'handler',
  find: tree =>
    rethrows(tree).map(({ node, name, catches }) => {
      const attempt = tree.parent(catches) as Of<'TryStatement'>
      const answers = /\breturn true\b/.test(tree.text(attempt.block)) ? '; return false' : ''
      return [replaced(node, `{ console.error(${name})${answers} }`)]
    }),
}

/** `if (error instanceof A) …` becomes `…`, and `if (!(error instanceof A)) throw error` goes. */
export const widenCatch: Operator = {
  name: 'widen-catch',
  says: 'takes every error for the one that was expected',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('IfStatement')
      .filter(node => isIn(tree, node, 'CatchClause') && /\binstanceof\b/.test(tree.text(node.test)))
      .map(node =>
        node.consequent.type === 'ThrowStatement'
          ? [removedStatement(tree, node)]
          : [removed({ start: node.start, end: node.consequent.start })],
      ),
}

/** The `catch` goes, and the error goes up. */
export const dropCatch: Operator = {
  name: 'drop-catch',
  says: 'does not catch an error',
  appliesTo: 'handler',
  find(tree): Mutation[] {
    const clauses = tree
      .all('TryStatement')
      .flatMap(({ start, block, handler, end }): Mutation[] =>
        handler ? [[removed({ start, end: block.start }), removed({ start: block.end, end })]] : [],
      )
    const calls = tree
      .all('CallExpression')
      .flatMap(({ callee, end }): Mutation[] =>
        callee.type === 'MemberExpression' && nameOf(callee.property) === 'catch'
          ? [[removed({ start: callee.object.end, end })]]
          : [],
      )
    return [...clauses, ...calls]
  },
}

/**
 * Around one call. Inside a `try` somebody has thought of errors already; and to swallow what a function of the same
 * file throws is the mistake that is made inside that function.
 */
export const swallowFailure: Operator = {
  name: 'swallow-failure',
  says: 'catches and logs whatever goes wrong in a call',
  appliesTo: 'handler',
  find(tree) {
    const own = new Set(tree.all('FunctionDeclaration').map(({ id }) => id?.name))
    return tree
      .all('ExpressionStatement')
      .filter(node => {
        const call = bare(node.expression)
        return (
          node.expression.type === 'AwaitExpression' &&
          !isIn(tree, node, 'TryStatement') &&
          !(call.type === 'CallExpression' && own.has(nameOf(call.callee)))
        )
      })
      .map(node => [before(node, 'try { '), after(node, ' } catch (failure) { console.error(failure) }')])
  },
}

/** What was refused before is taken now. */
export const dropCheck: Operator = {
  name: 'drop-check',
  says: 'does not check what comes in',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('IfStatement')
      .filter(({ consequent, alternate }) => !alternate && /^\{?\s*throw new\b/.test(tree.text(consequent)))
      .map(node => [removedStatement(tree, node)]),
}

/** `Promise.all` and `each` end with the first failure; `allSettled` never fails. */
export const settleAll: Operator = {
  name: 'settle-all',
  says: 'waits for all, and looks at none of the failures',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('CallExpression')
      .filter(
        node =>
          calledName(node) === 'all' &&
          node.callee.type === 'MemberExpression' &&
          nameOf(node.callee.object) === 'Promise' &&
          tree.parent(node)?.type === 'AwaitExpression' &&
          tree.parent(tree.parent(node)!)?.type === 'ExpressionStatement',
      )
      .map(({ callee }) => [replaced((callee as Of<'MemberExpression'>).property, 'allSettled')]),
}
