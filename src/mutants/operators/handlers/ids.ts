import { replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { eventAround, functionAround, nameOf, type Of, propertiesOf, type Tree } from '../../tree.ts'

const isId = (name: string | undefined): name is string =>
  /(^id|Id|^ID|^delivery|^topic|^room|^ref)$/.test(name ?? '')

/** Whatever names something is always the same. */
export const constantId: Operator = {
  name: 'constant-id',
  says: 'uses a constant where an id belongs',
  appliesTo: 'handler',
  find: tree => [
    ...tree
      .all('ObjectExpression')
      .flatMap(object =>
        propertiesOf(object).flatMap((node): Mutation[] =>
          isId(nameOf(node.key)) && functionAround(tree, node) && node.value.type !== 'Literal'
            ? [[replaced(node, `${tree.text(node.key)}: 'one'`)]]
            : [],
        ),
      ),
    ...tree
      .all('CallExpression')
      .filter(node => nameOf(node.callee) === 'randomUUID')
      .map((node): Mutation => [replaced(node, "'one'")]),
    ...tree
      .all('TemplateLiteral')
      .flatMap((node): Mutation[] =>
        node.expressions.length === 1 && tree.parent(node)?.type === 'ArrowFunctionExpression'
          ? [[replaced(node.expressions[0]!, "'one'")]]
          : [],
      ),
  ],
}

/** Ids that are easily mistaken for one another: of the request for the connection's, of the sender for the receiver's. */
export const otherId: Operator = {
  name: 'other-id',
  says: 'uses another id',
  appliesTo: 'handler',
  find: tree => [
    ...tree.all('VariableDeclarator').flatMap(({ id, init }): Mutation[] => {
      if (id.type !== 'ObjectPattern' || !init || !/\brequestContext$/.test(tree.text(init))) return []
      return id.properties.flatMap(one =>
        one.type === 'Property' && nameOf(one.key) === 'connectionId'
          ? [[replaced(one, 'requestId: connectionId')]]
          : [],
      )
    }),
    ...tree.all('MemberExpression').flatMap(node => swapped(tree, node)),
  ],
}

function swapped(tree: Tree, node: Of<'MemberExpression'>): Mutation[] {
  const object = tree.text(node.object)
  if (nameOf(node.property) === 'connectionId') {
    if (/\brequestContext$/.test(object)) return [[replaced(node.property, 'requestId')]]
    return eventAround(tree, node) ? [[replaced(node, 'event.requestContext.connectionId')]] : []
  }
  return node.computed && nameOf(node.property) === 'cognito:username'
    ? [[replaced(node, `${object}.sub`)]]
    : []
}
