import { removedFrom, removedStatement, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { calledName, nameOf, type Of, propertiesOf, type Tree } from '../../tree.ts'

const properties = (tree: Tree, names: RegExp) =>
  tree.all('ObjectExpression').flatMap(object =>
    propertiesOf(object)
      .filter(({ key }) => names.test(nameOf(key) ?? ''))
      .map(node => ({ object, node })),
  )

const added = (tree: Tree) =>
  tree.all('ExpressionStatement').flatMap(node => {
    const call = node.expression
    return call.type === 'CallExpression' && calledName(call) === 'addRoute' ? [{ node, call }] : []
  })

export const dropRoute: Operator = {
  name: 'drop-route',
  says: 'drops a route',
  appliesTo: 'stack',
  find: tree => [
    ...properties(tree, /^(connect|disconnect|default)RouteOptions$/).map(
      ({ object, node }): Mutation => [removedFrom(object.properties, node)],
    ),
    ...added(tree).map(({ node }): Mutation => [removedStatement(tree, node)]),
  ],
}

/** `sendmessage` for `sendMessage`: routes are told apart by every letter. */
export const otherRouteKey: Operator = {
  name: 'other-route-key',
  says: 'spells the key of a route in another way',
  appliesTo: 'stack',
  find: tree => [
    ...added(tree).flatMap(({ call }): Mutation[] => {
      const key = call.arguments[0]
      if (key?.type !== 'Literal' || typeof key.value !== 'string') return []
      const small = key.value.toLowerCase()
      return [[replaced(key, `'${small === key.value ? key.value.toUpperCase() : small}'`)]]
    }),
    ...properties(tree, /^(disconnect|default)RouteOptions$/).flatMap(({ object, node }): Mutation[] => {
      const other =
        nameOf(node.key) === 'defaultRouteOptions' ? 'disconnectRouteOptions' : 'defaultRouteOptions'
      const isFree = !propertiesOf(object).some(one => nameOf(one.key) === other)
      return isFree ? [[replaced(node.key, other)]] : []
    }),
  ],
}

/** The function of one route stands behind another. */
export const otherIntegration: Operator = {
  name: 'other-integration',
  says: 'leads a route to another function',
  appliesTo: 'stack',
  find(tree) {
    const integrations = tree
      .all('NewExpression')
      .filter(node => /Integration$/.test(calledName(node) ?? '') && node.arguments[1]?.type === 'Identifier')
    const targets = [...new Set(integrations.map(handlerOf))]
    return integrations.flatMap((node): Mutation[] => {
      const next = targets[(targets.indexOf(handlerOf(node)) + 1) % targets.length]
      return next === undefined || next === handlerOf(node) ? [] : [[replaced(node.arguments[1]!, next)]]
    })
  },
}

const handlerOf = (node: Of<'NewExpression'>): string => nameOf(node.arguments[1]) ?? ''

export const detachAuthorizer: Operator = {
  name: 'detach-authorizer',
  says: 'makes an authorizer and attaches it to no route',
  appliesTo: 'stack',
  find: tree =>
    properties(tree, /^(authorizer|authorizationType)$/).map(({ object, node }) => [
      removedFrom(object.properties, node),
    ]),
}

const places: readonly string[] = ["'route.request.header.Authorization'", "'route.request.querystring.auth'"]

export const otherIdentitySource: Operator = {
  name: 'other-identity-source',
  says: 'looks for the token somewhere else',
  appliesTo: 'stack',
  find: tree =>
    properties(tree, /^identitySource$/).flatMap(({ node }) =>
      places.map((place): Mutation => [replaced(node.value, `[${place}]`)]),
    ),
}

/** CDK has a list with nothing in it: then the authorizer is asked whatever comes. */
export const detachStage: Operator = {
  name: 'detach-stage',
  says: 'makes a stage that nothing is deployed to',
  appliesTo: 'stack',
  find: tree => properties(tree, /^autoDeploy$/).map(({ node }) => [replaced(node.value, 'false')]),
}

const addresses: Readonly<Record<string, string>> = { callbackUrl: 'url', url: 'callbackUrl' }

export const otherAddress: Operator = {
  name: 'other-address',
  says: "takes the clients' address for the backend's, or the other way round",
  appliesTo: 'stack',
  find: tree =>
    tree.all('MemberExpression').flatMap(({ property, object }): Mutation[] => {
      const other = addresses[nameOf(property) ?? '']
      return other && /stage|live/i.test(tree.text(object)) ? [[replaced(property, other)]] : []
    }),
}
