import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PolicyDocument, Statement } from '../../cloud/iam/policy.ts'
import { PREFIX, stackNameOf } from './names.ts'
import type { Need } from './need.ts'

/** Whom a policy is for. */
export interface PolicyFor {
  readonly accountId: string
  readonly region: string
  /** The attendee whose stacks alone may be touched; anybody's, unless given. */
  readonly attendee?: string
  /** All labs there are: an attendee's stacks are named one by one. Those that need something, unless given. */
  readonly labs?: readonly string[]
}

/** What the labs need, as `npm run attendees` found it by deploying all of them. */
export const needsFile = fileURLToPath(new URL('attendee-needs.json', import.meta.url))

/** IAM's quota on a managed policy, white space not counted. */
const MAX_CHARACTERS = 6144

/**
 * The least that somebody must be allowed to check and destroy every lab with `--target aws`: one managed policy, or
 * several where one would be too large.
 */
export function attendeePolicies(
  whom: PolicyFor,
  needs: readonly Need[] = JSON.parse(readFileSync(needsFile, 'utf8')),
): readonly PolicyDocument[] {
  const policies: Statement[][] = [[]]
  const labs = whom.labs ?? labsIn(needs)
  for (const statement of statementsFor(needs, { ...whom, labs })) {
    const last = policies.at(-1)!
    if (size([...last, statement]) > MAX_CHARACTERS) policies.push([statement])
    else last.push(statement)
  }
  return policies.map(documentOf)
}

/** A statement for each set of actions that are needed on the same things. */
function statementsFor(needs: readonly Need[], whom: PolicyFor): readonly Statement[] {
  const byThing = grouped(needs, ({ action, resource, when }) =>
    JSON.stringify([action.split(':')[0], resource, when ?? {}]),
  ).map(group => ({
    actions: [...new Set(group.map(({ action }) => action))].sort(),
    resource: group[0]!.resource,
    when: group[0]!.when ?? {},
  }))
  return grouped(byThing, ({ actions, when }) => JSON.stringify([actions, Object.keys(when)])).map(group => {
    const { actions, when } = group[0]!
    const values = (key: string) => [...new Set(group.flatMap(one => one.when[key] ?? []))]
    const conditions = Object.keys(when).map(key => [
      key,
      one(values(key).map(value => filledIn(value, whom)[0]!)),
    ])
    return {
      Effect: 'Allow',
      Action: one(actions),
      Resource: one(
        [...new Set(group.map(({ resource }) => resource))].flatMap(text => filledIn(text, whom)),
      ),
      ...(conditions.length > 0 && { Condition: { StringLike: Object.fromEntries(conditions) } }),
    }
  })
}

/**
 * Stacks have their attendee's name at the end. A star before it would fit the stacks of another whose name ends in the same way.
 * Other names are cut where AWS has less room for them, and cannot be told apart.
 */
function filledIn(text: string, { accountId, region, attendee, labs = [] }: PolicyFor): readonly string[] {
  const here = text.replaceAll('{account}', accountId).replaceAll('{region}', region)
  if (!here.includes(`:stack/${PREFIX}*`)) return [here]
  const stacks = attendee === undefined ? [`${PREFIX}*`] : labs.map(lab => stackNameOf(lab, attendee))
  return stacks.map(stack => here.replace(`${PREFIX}*`, `${stack}/*`))
}

const labsIn = (needs: readonly Need[]): readonly string[] => [
  ...new Set(needs.flatMap(({ by }) => /lab\d+-[a-z-]+/.exec(by)?.[0] ?? [])),
]

function grouped<T>(all: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const item of all) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return [...groups.values()]
}

const documentOf = (statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
})

const size = (statements: readonly Statement[]): number =>
  JSON.stringify(documentOf(statements)).replace(/\s/g, '').length

/** IAM takes a lone string for a list of one. */
const one = (list: readonly string[]): string | readonly string[] => (list.length === 1 ? list[0]! : list)
