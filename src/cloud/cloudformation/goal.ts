import { isDeepStrictEqual } from 'node:util'
import type { Account } from '../account.ts'
import type { Caller } from './caller.ts'
import { exportsOf } from './exports.ts'
import type { StackRecord, StackSettings } from './history.ts'
import type { Shelf } from './objects.ts'
import { waves } from './order.ts'
import { outputsOf } from './outputs.ts'
import { parameterValues, type SsmLookup } from './parameters.ts'
import { makePlan, type Plan } from './plan.ts'
import { refusalsOf } from './refusals.ts'
import type { Objects } from './resource.ts'
import { scopeOf, type Works, wantedResource } from './resources.ts'
import { Unsupported } from './survey.ts'
import type { Template } from './template.ts'
import { validate } from './validate.ts'
import { wayOf } from './way.ts'

/** A stack to be made or changed; a stack of an assembly is one. */
export interface StackRequest {
  readonly stackName: string
  readonly template: Template
  readonly parameters?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  /** Where its assets lie; put on the shelf before anything is made. */
  readonly objects?: Objects
  /** Parameters of an update that keep the value they have. */
  readonly keptParameters?: readonly string[]
  readonly settings?: StackSettings
  /** The name that the caller of the API gives to the operation. */
  readonly token?: string
  /** Whose rights it is done with; without one everything may be done. */
  readonly caller?: Caller | undefined
  /** What to do with a new stack that cannot be made; ROLLBACK without it. */
  readonly onFailure?: OnFailure
  /** Of a nested stack: the stack around it, and the outermost one. */
  readonly parent?: { readonly stackId: string; readonly rootId: string }
}

/** AWS's words for it: DO_NOTHING leaves what was made, and the stack CREATE_FAILED. */
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING'

/** What an operation wants to see in the stack once it is through. */
export interface Goal {
  readonly plan: Plan
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly settings: StackSettings
  readonly onFailure: OnFailure
  /** Every export that the plan imports: grows while the plan is carried out. */
  readonly imports: ReadonlySet<string>
  /** All other stacks that exist. */
  others(): readonly StackRecord[]
}

/** Where stacks are made. */
export interface Site {
  readonly account: Account
  readonly works: Works
  readonly ssm: SsmLookup | undefined
  readonly shelf: Shelf | undefined
  /** All stacks that exist. */
  all(): readonly StackRecord[]
}

/**
 * Turns a request into a goal. Whatever can be refused is refused here, before anything starts: throws
 * `TemplateProblem` and `Unsupported`.
 */
export async function goalOf(request: StackRequest, stackId: string, site: Site): Promise<Goal> {
  const { stackName, template, parameters = {}, tags = {}, objects } = request
  const { settings = {}, onFailure = 'ROLLBACK' } = request
  const { account, works, ssm, all } = site
  validate(template)
  const abilities = { account, types: works.types, ssm: !!ssm, dynamic: !!works.dynamic }
  const refusals = refusalsOf(request, { ...abilities, shelf: site.shelf })
  if (refusals.length > 0) throw new Unsupported(refusals)
  if (objects) site.shelf?.add(objects)

  const values = await parameterValues(template, parameters, ssm && (name => ssm(name, request.caller)))
  const imports = new Set<string>()
  const plan = makePlan(template, {
    account,
    stackName,
    stackId: () => stackId,
    parameter: name => values.get(name),
    importValue(name) {
      const exported = all().flatMap(stack => exportsOf(stack, []))
      const found = exported.find(one => one.name === name)
      if (found) imports.add(name)
      return found?.value
    },
    stackOutput: (other, key) =>
      all()
        .find(one => one.stackName === other)
        ?.outputs.find(one => one.key === key)?.value,
  })
  // A cycle is found before the first resource is made.
  waves(plan.needs)
  const others = () => all().filter(other => other.stackId !== stackId)
  return { plan, parameters, tags, settings, onFailure, imports, others }
}

/** Whether carrying out the goal would change nothing at all. */
export async function isReached({ plan, tags }: Goal, stack: StackRecord, works: Works): Promise<boolean> {
  if (!isDeepStrictEqual(stack.template, plan.template) || !isDeepStrictEqual(stack.tags, tags)) return false
  const ids = [...plan.resources.keys()]
  if (ids.length !== stack.resources.size || !ids.every(id => stack.resources.has(id))) return false
  const scope = scopeOf(plan, stack)
  for (const logicalId of ids) {
    const { type, properties } = await wantedResource(plan, logicalId, scope, works)
    const before = stack.resources.get(logicalId)!
    if (wayOf(works.types.get(type)!, before.properties, properties) !== 'none') return false
  }
  return isDeepStrictEqual(await outputsOf(plan, stack, works), stack.outputs)
}
