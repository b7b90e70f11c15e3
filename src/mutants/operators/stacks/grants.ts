import { after, appended, removedFrom, removedStatement, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { calledName, functionAround, nameOf, type Of, type Tree } from '../../tree.ts'

interface Grant {
  readonly node: Of<'ExpressionStatement'>
  readonly call: Of<'CallExpression'>
  readonly callee: Of<'MemberExpression'>
  readonly name: string
  /** The function that is permitted something, where it has a name. */
  readonly to: string | undefined
}

/** `table.grantReadData(sendMessage)`, and every other grant that is a statement. */
const grants = (tree: Tree): Grant[] =>
  tree.all('ExpressionStatement').flatMap(node => {
    const call = node.expression
    if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return []
    const name = calledName(call) ?? ''
    if (!name.startsWith('grant')) return []
    return [{ node, call, callee: call.callee, name, to: nameOf(call.arguments[0]) }]
  })

/** The variable of the next function beside the one that is permitted something. */
function nextFunction(tree: Tree, { node, to }: Grant): string | undefined {
  const around = functionAround(tree, node)
  const names = tree.all('VariableDeclarator').flatMap(({ id, init, ...place }) => {
    const isOne = init && /^(this\.handler\(|new (Nodejs)?Function\()/.test(tree.text(init))
    const isHere = around && place.start > around.start && place.end < around.end
    return isOne && isHere ? (nameOf(id) ?? []) : []
  })
  const at = names.indexOf(to ?? '')
  return at < 0 || names.length < 2 ? undefined : names[(at + 1) % names.length]
}

export const dropGrant: Operator = {
  name: 'drop-grant',
  says: 'drops a grant',
  appliesTo: 'stack',
  find: tree => grants(tree).map(({ node }) => [removedStatement(tree, node)]),
}

export const moveGrant: Operator = {
  name: 'move-grant',
  says: 'gives a grant to another function',
  appliesTo: 'stack',
  find: tree =>
    grants(tree).flatMap((grant): Mutation[] => {
      const other = nextFunction(tree, grant)
      return other ? [[replaced(grant.call.arguments[0]!, other)]] : []
    }),
}

export const copyGrant: Operator = {
  name: 'copy-grant',
  says: 'gives a grant to another function, too',
  appliesTo: 'stack',
  find: tree =>
    grants(tree).flatMap((grant): Mutation[] => {
      const other = nextFunction(tree, grant)
      if (!other) return []
      const { node, call } = grant
      const first = call.arguments[0]!
      const copy = `${tree.source.slice(node.start, first.start)}${other}${tree.source.slice(first.end, node.end)}`
      return [[after(node, `\n${copy}`)]]
    }),
}

const wider: Readonly<Record<string, readonly string[]>> = {
  grantReadData: ['grantReadWriteData', 'grantFullAccess'],
  grantWriteData: ['grantReadWriteData', 'grantFullAccess'],
  grantReadWriteData: ['grantFullAccess'],
}

/** CDK has a wider grant for many; for all others there is a statement with a star. */
export const widenGrant: Operator = {
  name: 'widen-grant',
  says: 'grants more than is needed',
  appliesTo: 'stack',
  find: tree =>
    grants(tree).flatMap(({ node, callee, call, name, to }): Mutation[] => [
      ...(wider[name] ?? []).map((other): Mutation => [replaced(callee.property, other)]),
      ...call.arguments
        .slice(1)
        .flatMap((one): Mutation[] =>
          one.type === 'Literal' && typeof one.value === 'string'
            ? [[replaced(one, `'${one.value.split(':')[0]}:*'`)]]
            : [],
        ),
      ...(to === undefined ? [] : starred(tree, node, to, actionsOf(name, call))),
    ]),
}

/** The grant's own actions, on everything; and everything that its service has. */
const starred = (
  tree: Tree,
  node: Of<'ExpressionStatement'>,
  to: string,
  actions: readonly string[],
): Mutation[] =>
  [actions, actions.length > 0 ? [`${actions[0]!.split(':')[0]}:*`] : []]
    .filter(list => list.length > 0)
    .map(list => [
      replaced(
        node,
        `${to}.addToRolePolicy(new Wide({ actions: ${JSON.stringify(list)}, resources: ['*'] }))`,
      ),
      appended(tree, "import { PolicyStatement as Wide } from 'aws-cdk-lib/aws-iam'"),
    ])

const known: Readonly<Record<string, readonly string[]>> = {
  grantManagementApiAccess: ['execute-api:ManageConnections'],
  grantManageConnections: ['execute-api:ManageConnections'],
  grantReadData: ['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem'],
  grantWriteData: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  grantPublish: ['sns:Publish'],
  grantInvoke: ['lambda:InvokeFunction'],
  grantSendMessages: ['sqs:SendMessage'],
}

const actionsOf = (name: string, call: Of<'CallExpression'>): readonly string[] =>
  known[name] ?? call.arguments.slice(1).flatMap(one => nameOf(one) ?? [])

/** One of several actions. */
export const dropAction: Operator = {
  name: 'drop-action',
  says: 'drops one action of a grant',
  appliesTo: 'stack',
  find: tree =>
    grants(tree)
      .filter(({ name, call }) => name === 'grant' && call.arguments.length > 2)
      .flatMap(({ call }) =>
        call.arguments.slice(1).map((one): Mutation => [removedFrom(call.arguments, one)]),
      ),
}
