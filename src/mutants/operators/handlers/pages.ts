import { after, removedFrom, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { calledName, type Of, propertiesOf, propertyOf, type Tree } from '../../tree.ts'

/** What DynamoDB is asked: the input of a command, or of a paginator. */
export const inputs = (tree: Tree): { command: string; input: Of<'ObjectExpression'> }[] => [
  ...tree.all('NewExpression').flatMap(node => {
    const [input] = node.arguments
    const command = calledName(node) ?? ''
    return input?.type === 'ObjectExpression' && command.endsWith('Command') ? [{ command, input }] : []
  }),
  ...tree.all('CallExpression').flatMap(node => {
    const input = node.arguments[1]
    const command = calledName(node) ?? ''
    return input?.type === 'ObjectExpression' && command.startsWith('paginate') ? [{ command, input }] : []
  }),
]

/** DynamoDB answers with a megabyte at most, and with where to go on. */
export const firstPage: Operator = {
  name: 'first-page',
  says: 'reads the first page of a list only',
  appliesTo: 'handler',
  find: tree => [
    ...tree
      .all('ForOfStatement')
      .filter(node => node.await)
      .map(({ body }): Mutation => [replaced(body, `{ ${tree.text(body)}\nbreak }`)]),
    ...tree.all('DoWhileStatement').map(({ test }): Mutation => [replaced(test, 'false')]),
    ...inputs(tree)
      .filter(({ command, input }) => /^(Scan|Query)Command$/.test(command) && !propertyOf(input, 'Limit'))
      .map(({ input }): Mutation => [after(input.properties.at(-1)!, ', Limit: 10')]),
  ],
}

/** A condition, a consistent read, an order, a limit. */
export const dropInput: Operator = {
  name: 'drop-input',
  says: 'leaves out one thing of what a command asks',
  appliesTo: 'handler',
  find: tree =>
    inputs(tree).flatMap(({ input }) =>
      propertiesOf(input).map((one): Mutation => [removedFrom(input.properties, one)]),
    ),
}
