import {
  type ContextEntry,
  type IAMClient,
  InvalidInputException,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam'
import type { Context } from './context.ts'

/** Every action on every resource, asked of one role. */
export interface Questions {
  readonly roleArn: string
  readonly actions: readonly string[]
  /** ARNs; `*` alone stands for actions that have no resource. */
  readonly resources: readonly string[]
  readonly context: Context
  /** Policies that count as if the role had them: what resources' own policies grant it. */
  readonly besides: readonly string[]
}

/** An action that a role is allowed, and on what. */
export interface Allowed {
  readonly action: string
  readonly resource: string
}

/** AWS gives up to this many answers at a time; it may give fewer, and says so. */
const PAGE = 1000

/** What a role is allowed, by IAM's own simulation: nothing is really done. Reads every page of the answer. */
export async function allowed(iam: IAMClient, questions: Questions, page = PAGE): Promise<Allowed[]> {
  try {
    return await ask(iam, questions, page)
  } catch (error) {
    // AWS takes some actions apart from others, and names the groups. Which they are changes with its simulator.
    const groups =
      error instanceof InvalidInputException ? groupsIn(error.message, questions.actions) : undefined
    if (!groups) throw error
    return (await Promise.all(groups.map(actions => allowed(iam, { ...questions, actions }, page)))).flat()
  }
}

async function ask(
  iam: IAMClient,
  { roleArn, actions, resources, context, besides }: Questions,
  pageSize: number,
): Promise<Allowed[]> {
  const pages = paginateSimulatePrincipalPolicy(
    { client: iam, pageSize },
    {
      PolicySourceArn: roleArn,
      ActionNames: [...actions],
      ...(resources.every(one => one === '*') ? {} : { ResourceArns: [...resources] }),
      ...(besides.length > 0 ? { PolicyInputList: [...besides] } : {}),
      ContextEntries: entriesOf(context),
    },
  )
  const found: Allowed[] = []
  for await (const { EvaluationResults = [] } of pages) {
    for (const { EvalActionName = '', EvalResourceName = '*', EvalDecision } of EvaluationResults) {
      if (EvalDecision === 'allowed') found.push({ action: EvalActionName, resource: EvalResourceName })
    }
  }
  return found
}

/** The groups of a refusal: `Invalid Input Actions: [a:B,c:D] and [e:F] require different authorization information.` */
function groupsIn(message: string, actions: readonly string[]): string[][] | undefined {
  if (!message.includes('require different authorization information')) return undefined
  const named = [...message.matchAll(/\[([^\]]*)\]/g)].map(([, list = '']) =>
    list.split(',').map(one => one.trim()),
  )
  const groups = named
    .map(group => actions.filter(action => group.includes(action)))
    .filter(group => group.length > 0)
  if (groups.length > 1 && groups.flat().length === actions.length) return groups
  // Named otherwise than expected. One by one they are never mixed.
  return actions.length > 1 ? actions.map(action => [action]) : undefined
}

const entriesOf = (context: Context): ContextEntry[] =>
  Object.entries(context).map(([ContextKeyName, { type, values }]) => ({
    ContextKeyName,
    ContextKeyType: type,
    ContextKeyValues: [...values],
  }))
