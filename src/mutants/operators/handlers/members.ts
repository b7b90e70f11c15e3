import { appended, before, removedFrom, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { propertiesOf } from '../../tree.ts'
import { inputs } from './pages.ts'

/** `true` becomes `false`, in what is asked and in how a client is set up. */
export const flipBoolean: Operator = {
  name: 'flip-boolean',
  says: 'sets a switch the other way',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('Property')
      .flatMap(({ value }): Mutation[] =>
        value.type === 'Literal' && typeof value.value === 'boolean'
          ? [[replaced(value, `${!value.value}`)]]
          : [],
      ),
}

/** A member of what is sent, written or answered. What a command asks has an operator of its own. */
export const dropMember: Operator = {
  name: 'drop-member',
  says: 'leaves a member out of an object',
  appliesTo: 'handler',
  find(tree) {
    const asked = new Set(inputs(tree).map(({ input }) => input))
    return tree
      .all('ObjectExpression')
      .filter(node => !asked.has(node))
      .flatMap(node => node.properties.map((one): Mutation => [removedFrom(node.properties, one)]))
  },
}

/** SQS deletes whatever a function does not name as failed; and brings everything back when the function throws. */
export const partialBatch: Operator = {
  name: 'partial-batch',
  says: 'reports none of the failures of a batch, or all of it',
  appliesTo: 'handler',
  find: tree =>
    tree.all('ReturnStatement').flatMap((node): Mutation[] => {
      const { argument } = node
      if (argument?.type !== 'ObjectExpression') return []
      const member = propertiesOf(argument).find(one => tree.text(one.key) === 'batchItemFailures')
      if (!member) return []
      const list = tree.text(member.value)
      return [
        [replaced(member, 'batchItemFailures: []')],
        [before(node, `if (${list}.length > 0) throw new Error('Some of them failed')\n`)],
      ]
    }),
}

/** One of several is looked up by name; the first is taken, whatever the name. */
export const firstChoice: Operator = {
  name: 'first-choice',
  says: 'takes the first of several, whichever was asked for',
  appliesTo: 'handler',
  find: tree =>
    tree
      .all('MemberExpression')
      .flatMap((node): Mutation[] =>
        node.computed && node.object.type === 'Identifier' && node.property.type === 'Identifier'
          ? [
              [
                replaced(node, `firstOf(${tree.text(node.object)})`),
                appended(
                  tree,
                  'const firstOf = <T extends object>(all: T) => Object.values(all)[0]! as T[keyof T]',
                ),
              ],
            ]
          : [],
      ),
}
