import { replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { calledName, nameOf, propertyOf, type Tree } from '../../tree.ts'

const effects: Readonly<Record<string, string>> = { Allow: 'Deny', Deny: 'Allow' }

/** The effect of a statement is always the one, or always the other. */
export const otherEffect: Operator = {
  name: 'other-effect',
  says: 'allows what it should deny, or the other way round',
  appliesTo: 'handler',
  find: tree =>
    tree.all('Literal').flatMap((node): Mutation[] => {
      const other = typeof node.value === 'string' ? effects[node.value] : undefined
      return other ? [[replaced(node, `'${other}'`)]] : []
    }),
}

/** A statement in code names more, or something else, than what was asked for. */
export const otherResource: Operator = {
  name: 'other-resource',
  says: 'allows another resource or action than the one that was asked for',
  appliesTo: 'handler',
  find: tree =>
    tree.all('ObjectExpression').flatMap((node): Mutation[] => {
      const resource = propertyOf(node, 'Resource')
      const action = propertyOf(node, 'Action')
      if (!resource || !action || !propertyOf(node, 'Effect')) return []
      const arn = tree.text(resource.value)
      return [
        [replaced(resource.value, "'*'")],
        [replaced(resource.value, `${arn}.split('/')[0]!`)],
        [replaced(resource.value, `${arn}.split('/')[0] + '/*'`)],
        [replaced(resource.value, `${arn}.replace('$connect', '$default')`)],
        [replaced(action.value, "'*'")],
        [replaced(action.value, "'execute-api:ManageConnections'")],
      ]
    }),
}

const claims: readonly string[] = ['clientId', 'tokenUse', 'audience', 'issuer', 'groups', 'scope']

/** A verifier looks at fewer claims, or at none: it reads the token, and believes it. */
export const verifyLess: Operator = {
  name: 'verify-less',
  says: 'does not verify something about a token',
  appliesTo: 'handler',
  find: tree => [
    ...tree
      .all('Property')
      .flatMap((node): Mutation[] =>
        claims.includes(nameOf(node.key) ?? '') && /^create/.test(creator(tree, node))
          ? [[replaced(node.value, 'null')], ...otherUse(node.value)]
          : [],
      ),
    ...tree.all('AwaitExpression').flatMap((node): Mutation[] => {
      const call = node.argument
      if (call.type !== 'CallExpression' || calledName(call) !== 'verify' || !call.arguments[0]) return []
      const payload = `${tree.text(call.arguments[0])}.split('.')[1] ?? ''`
      return [[replaced(node, `JSON.parse(Buffer.from(${payload}, 'base64url').toString())`)]]
    }),
  ],
}

function creator(tree: Tree, node: Parameters<Tree['ancestors']>[0]): string {
  const call = tree.ancestors(node).find(one => one.type === 'CallExpression')
  return (call && calledName(call)) ?? ''
}

const otherUse = (value: { type: string; start: number; end: number; value?: unknown }): Mutation[] =>
  value.type === 'Literal' && value.value === 'id' ? [[replaced(value, "'access'")]] : []
