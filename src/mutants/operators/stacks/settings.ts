import type { Node } from 'oxc-parser'
import { after, appended, removed, removedFrom, removedStatement, replaced } from '../../edits.ts'
import type { Mutation, Operator } from '../../operator.ts'
import { calledName, nameOf, type Of, propertiesOf, type Tree } from '../../tree.ts'

/** Operators of their own deal with these. */
const elsewhere = /^(\w+RouteOptions|authorizer|authorizationType|autoDeploy|conditions|Condition)$/

/** A learner may choose these as they like: other values of them are no mistake. */
const taste =
  /^(runtime|memorySize|timeout|retention|stageName|alarmDescription|maxAzs|rateLimit|burstLimit)$/

/** A dead-letter queue, a time to live, a retention, a throttle, a sort key: whatever CDK takes. */
export const dropSetting: Operator = {
  name: 'drop-setting',
  says: 'leaves out a setting',
  appliesTo: 'stack',
  find: tree =>
    tree.all('ObjectExpression').flatMap(object =>
      propertiesOf(object)
        .filter(({ key }) => !elsewhere.test(nameOf(key) ?? '') && !taste.test(nameOf(key) ?? ''))
        .map((node): Mutation => [removedFrom(object.properties, node)]),
    ),
}

export const flipSetting: Operator = {
  name: 'flip-setting',
  says: 'sets a switch the other way',
  appliesTo: 'stack',
  find: tree =>
    tree
      .all('Property')
      .flatMap(({ key, value }): Mutation[] =>
        value.type === 'Literal' && typeof value.value === 'boolean' && !elsewhere.test(nameOf(key) ?? '')
          ? [[replaced(value, `${!value.value}`)]]
          : [],
      ),
}

/** Far more, and far less: of time, attempts, batches. Zero and one become many. A brake may be looser, and not tighter. */
export const otherQuantity: Operator = {
  name: 'other-quantity',
  says: 'sets a number that is far too large or too small',
  appliesTo: 'stack',
  find: tree =>
    tree.all('Literal').flatMap((node): Mutation[] => {
      const { value } = node
      if (typeof value !== 'number') return []
      const names = settingsAround(tree, node)
      const less: Mutation = [replaced(node, `${Math.max(1, Math.floor(value / 10))}`)]
      if (names.includes('throttle')) return [less]
      if (names.some(name => taste.test(name))) return []
      return value <= 1 ? [[replaced(node, '100')]] : [[replaced(node, `${value * 10}`)], less]
    }),
}

/** `throttle` and `rateLimit` of the 50 in `throttle: { rateLimit: 50 }`, and `timeout` of a default in a pattern. */
const settingsAround = (tree: Tree, node: Node): string[] =>
  tree.ancestors(node).flatMap(one => {
    if (one.type === 'Property') return nameOf(one.key) ?? []
    return one.type === 'AssignmentPattern' ? (nameOf(one.left) ?? []) : []
  })

/** What CDK offers beside the one that was chosen. */
const choices: Readonly<Record<string, string>> = {
  'AttributeType.STRING': 'NUMBER',
  'BillingMode.PAY_PER_REQUEST': 'PROVISIONED',
  'RemovalPolicy.DESTROY': 'RETAIN',
  'ProjectionType.KEYS_ONLY': 'ALL',
  'ComparisonOperator.GREATER_THAN_THRESHOLD': 'LESS_THAN_THRESHOLD',
  'TreatMissingData.NOT_BREACHING': 'BREACHING',
  'SubscriptionProtocol.SQS': 'HTTPS',
}

export const otherChoice: Operator = {
  name: 'other-choice',
  says: 'chooses another value of several',
  appliesTo: 'stack',
  find: tree =>
    tree.all('MemberExpression').flatMap((node): Mutation[] => {
      const other = choices[tree.text(node)]
      return other ? [[replaced(node.property, other)]] : []
    }),
}

/** The names by which a table, its handlers and DynamoDB know the same thing. */
export const otherName: Operator = {
  name: 'other-name',
  says: 'calls a key, an index or an attribute something else',
  appliesTo: 'stack',
  find: tree =>
    tree
      .all('Property')
      .flatMap(({ key, value }): Mutation[] =>
        /^(name|indexName|timeToLiveAttribute)$/.test(nameOf(key) ?? '') &&
        value.type === 'Literal' &&
        typeof value.value === 'string'
          ? [[replaced(value, `'${value.value}2'`)]]
          : [],
      ),
}

/** Whatever is done to a construct in a statement: an event source, an index, a variable of the environment. */
export const dropCall: Operator = {
  name: 'drop-call',
  says: 'leaves out a construct, or something that is added to one',
  appliesTo: 'stack',
  find: tree =>
    tree.all('ExpressionStatement').flatMap((node): Mutation[] => {
      const { expression } = node
      if (expression.type === 'NewExpression') return [[removedStatement(tree, node)]]
      if (expression.type !== 'CallExpression' || expression.callee.type === 'Super') return []
      const name = calledName(expression) ?? ''
      if (name === 'addRoute' || name.startsWith('grant')) return []
      return [[removedStatement(tree, node)], ...shortened(expression)]
    }),
}

/** `a.createAlarm(…).addAlarmAction(…)` without its last call. */
function shortened({ callee, end }: Of<'CallExpression'>): Mutation[] {
  const isChain = callee.type === 'MemberExpression' && callee.object.type === 'CallExpression'
  return isChain ? [[removed({ start: callee.object.end, end })]] : []
}

/** One of several: of the functions that are told a table's name, for example. */
export const dropElement: Operator = {
  name: 'drop-element',
  says: 'forgets one of a list',
  appliesTo: 'stack',
  find: tree =>
    tree
      .all('ArrayExpression')
      .filter(({ elements }) => elements.length > 1)
      .flatMap(({ elements }) => elements.map((one): Mutation => [removedFrom(elements, one!)])),
}

/** A subscription takes what a filter lets through, and nothing says so. */
export const filterMessages: Operator = {
  name: 'filter-messages',
  says: 'lets only some messages through a subscription',
  appliesTo: 'stack',
  find: tree =>
    tree.all('NewExpression').flatMap((node): Mutation[] => {
      const given = node.arguments.at(-1)
      if (calledName(node) !== 'Subscription' || given?.type !== 'ObjectExpression') return []
      const last = given.properties.at(-1)
      if (!last) return []
      const filter = "filterPolicy: { kind: Filter.stringFilter({ allowlist: ['message'] }) }"
      return [
        [
          after(last, `, ${filter}`),
          appended(tree, "import { SubscriptionFilter as Filter } from 'aws-cdk-lib/aws-sns'"),
        ],
      ]
    }),
}

const metrics: Readonly<Record<string, string>> = {
  metricApproximateNumberOfMessagesVisible: 'metricNumberOfMessagesSent',
  metricErrors: 'metricInvocations',
}

export const otherMetric: Operator = {
  name: 'other-metric',
  says: 'watches another metric',
  appliesTo: 'stack',
  find: tree =>
    tree.all('CallExpression').flatMap((node): Mutation[] => {
      const other = metrics[calledName(node) ?? '']
      return other && node.callee.type === 'MemberExpression' ? [[replaced(node.callee.property, other)]] : []
    }),
}

/** The queue of one for the queue of another: what a construct is given is one that is at hand beside it. */
export const otherConstruct: Operator = {
  name: 'other-construct',
  says: 'watches, fills or names a construct beside the one that is meant',
  appliesTo: 'stack',
  find: tree => {
    const made = madeIn(tree)
    return tree.all('Identifier').flatMap((node): Mutation[] => {
      const kind = made.get(node.name)
      const parent = tree.parent(node)
      if (!kind || parent?.type === 'VariableDeclarator' || parent?.type === 'ObjectPattern') return []
      if (parent?.type === 'Property' && tree.parent(parent)?.type === 'ObjectPattern') return []
      if (parent?.type === 'Property' && parent.shorthand) return []
      const others = [...made].filter(([name, other]) => other === kind && name !== node.name)
      return others.slice(0, 1).map(([name]) => [replaced(node, name)])
    })
  },
}

/** Variables and what kind of construct they are, functions apart: those are moved by operators of their own. */
const madeIn = (tree: Tree): Map<string, string> =>
  new Map(
    tree.all('VariableDeclarator').flatMap(({ id, init }) => {
      const name = nameOf(id)
      const kind = init?.type === 'NewExpression' ? calledName(init) : undefined
      return name && kind && !/Function|Integration/.test(kind) ? [[name, kind] as const] : []
    }),
  )
