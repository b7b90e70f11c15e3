import { type IamAction, iamActions } from '#kit'
import { type Context, contextFor } from './context.ts'
import type { Found } from './statement.ts'
import { NOT_NEEDED, type Surroundings, type Target } from './surroundings.ts'
import { actionMatches, example, hasWildcards, many, matches } from './wildcards.ts'

/** Actions that are asked together: each on each of the resources. */
export interface Batch {
  readonly actions: readonly string[]
  readonly targets: readonly Target[]
  readonly context: Context
  /** Whether an answer was asked for. */
  isAsked(action: string, arn: string): boolean
  /** What this context has instead of what a real request says, where a condition wants it. */
  readonly condition: Found | undefined
}

/** The most answers asked for at a time. */
const MOST = 500
/** What a role could do most harm with here is asked first: the first answer that is too much ends the asking. */
const FIRST = ['dynamodb', 'execute-api', 'iam', 'sts', 'lambda']

const NOWHERE: Omit<Target, 'arn'> = { what: 'the whole account', means: NOT_NEEDED }

/**
 * What IAM is to be asked about a role. Whatever a role is allowed, some statement allows: so each statement that allows something
 * is asked about every action that it can mean, on everything around the stack and on an example of what it names itself. Nobody is asked
 * about actions that are free: no answer would be too much.
 */
export function batchesFor(
  statements: readonly Found[],
  real: Context,
  around: Surroundings,
  isFree: (action: string) => boolean,
): Batch[] {
  const contexts = new Map<
    string,
    { context: Context; condition: Found | undefined; asked: Map<string, Map<string, Target>> }
  >()
  for (const found of statements) {
    if (found.statement.Effect !== 'Allow') continue
    const chosen = contextFor(found.statement, real)
    const key = chosen ? JSON.stringify(chosen) : ''
    const { asked } = contexts.get(key) ?? { asked: new Map() }
    contexts.set(key, { context: chosen ?? real, condition: chosen && found, asked })
    for (const action of actionsMeant(found)) {
      if (isFree(action.name)) continue
      const targets = asked.get(action.name) ?? new Map()
      asked.set(action.name, targets)
      for (const target of targetsFor(action, found, around)) {
        // What is known by name keeps it, when it is an example as well.
        if (!targets.has(target.arn)) targets.set(target.arn, target)
      }
    }
  }
  return [...contexts.values()].flatMap(({ context, condition, asked }) =>
    groupsOf(asked).map(group => ({
      ...group,
      context,
      condition,
      isAsked: (action: string, arn: string) => asked.get(action)?.has(arn) ?? false,
    })),
  )
}

/** Every action that a statement can mean, as far as AWS's list reaches; of other services an example. */
function actionsMeant({ statement: { Action, NotAction } }: Found): IamAction[] {
  const all = [...iamActions().values()].flatMap(service => [...service.values()])
  if (NotAction !== undefined) {
    return all.filter(({ name }) => !many(NotAction).some(pattern => actionMatches(pattern, name)))
  }
  return many(Action).flatMap(pattern => {
    const listed = all.filter(({ name }) => actionMatches(pattern, name))
    if (listed.length > 0) return listed
    const [service = '', operation = ''] = pattern.split(':')
    return [{ name: `${example(service, 'any')}:${example(operation, 'Any')}`, level: '', resources: [] }]
  })
}

/** Resources of the action's own service, and of the types that the action is about. */
function targetsFor(action: IamAction, found: Found, around: Surroundings): Target[] {
  const [service = ''] = action.name.split(':')
  const examples = examplesOf(found, around).filter(
    ({ arn }) => arn.split(':')[2] === service || action.resources.some(template => isOfType(arn, template)),
  )
  if (!iamActions().has(service)) {
    const stranger = `arn:aws:${service}:${around.region}:${around.accountId}:${around.word}`
    return [...examples, { arn: stranger, ...NOWHERE }]
  }
  if (action.resources.length === 0) return [{ arn: '*', ...NOWHERE }]
  return [
    ...around.targets.filter(({ arn }) => action.resources.some(template => isOfType(arn, template))),
    ...action.resources.map(around.stranger),
    ...examples,
  ]
}

/** Resources that a statement names itself: with the wildcards as some word, and as nothing. */
function examplesOf(
  { statement: { Resource } }: Found,
  { word, region, accountId, stranger }: Surroundings,
): Target[] {
  return many(Resource).flatMap(pattern => {
    const [arn, partition = '', service = '', ...rest] = pattern.split(':')
    if (arn !== 'arn' || rest.length < 3 || hasWildcards(service)) return []
    const [where = '', whose = '', ...what] = rest
    // A star for the region or the account reaches nothing else here: both are the stack's own.
    const home = [
      arn,
      hasWildcards(partition) ? 'aws' : partition,
      service,
      hasWildcards(where) ? region : where,
      hasWildcards(whose) ? accountId : whose,
    ].join(':')
    const name = what.join(':')
    const fills = hasWildcards(name) ? [word, ''] : [word]
    return fills.map(fill => stranger(`${home}:${example(name, fill)}`))
  })
}

/** Whether an ARN can be of a type. In DynamoDB's ARNs what follows a table's name is another type. */
function isOfType(arn: string, template: string): boolean {
  const depth = (text: string) => (text.includes(':dynamodb:') ? text.split('/').length : 0)
  return matches(template.replace(/\$\{\w+\}/g, '*'), arn) && depth(arn) === depth(template)
}

/**
 * Actions with the same targets, and then small groups of one service, are asked together: a call costs more than an answer. So there
 * may be answers that nobody asked for.
 */
function groupsOf(
  asked: ReadonlyMap<string, ReadonlyMap<string, Target>>,
): Pick<Batch, 'actions' | 'targets'>[] {
  const groups = new Map<string, Pick<Batch, 'actions' | 'targets'>>()
  for (const [action, targets] of asked) {
    const key = [...targets.keys()].sort().join(' ')
    const { actions = [] } = groups.get(key) ?? {}
    groups.set(key, { actions: [...actions, action], targets: [...targets.values()] })
  }
  const together: Pick<Batch, 'actions' | 'targets'>[] = []
  for (const group of [...groups.values()].toSorted((a, b) => rank(a) - rank(b))) {
    const last = together.at(-1)
    const joint = last && rank(last) === rank(group) && joined(last, group)
    if (joint && joint.actions.length * joint.targets.length <= MOST) together.splice(-1, 1, joint)
    else together.push(group)
  }
  return together.flatMap(({ actions, targets }) => {
    const size = Math.max(1, Math.floor(MOST / targets.length))
    return Array.from({ length: Math.ceil(actions.length / size) }, (_, at) => ({
      actions: actions.slice(at * size, (at + 1) * size),
      targets,
    }))
  })
}

const joined = (a: Pick<Batch, 'actions' | 'targets'>, b: Pick<Batch, 'actions' | 'targets'>) => ({
  actions: [...a.actions, ...b.actions],
  targets: [...new Map([...a.targets, ...b.targets].map(target => [target.arn, target])).values()],
})

/** Services by the harm that can be done, and what has no resource after all that has one. */
function rank({ actions: [action = ''], targets: [target] }: Pick<Batch, 'actions' | 'targets'>): number {
  const services = [...new Set([...FIRST, ...iamActions().keys()])]
  const service = action.split(':')[0]!
  const at = services.includes(service) ? services.indexOf(service) : services.length
  return target?.arn === '*' ? at + 100 : at
}
