import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import type { Caller } from './caller.ts'
import { changesOf, type ResourceChange } from './changes.ts'
import { describeStack, type Stack } from './describe.ts'
import type { DynamicLookup } from './dynamic.ts'
import { type Export, ExportInUse, exportsOf } from './exports.ts'
import { goalOf, isReached, type Site, type StackRequest } from './goal.ts'
import { historian, noteStack, STACK_TYPE, type StackRecord } from './history.ts'
import { inertTypes } from './inert.ts'
import { randomSuffix } from './names.ts'
import { type Nest, nestedStacks, nestedStackType } from './nested.ts'
import { newStack, UNDER_REVIEW } from './new-stack.ts'
import type { Shelf } from './objects.ts'
import { continueRollback, create, remove, update } from './operations.ts'
import type { SsmLookup } from './parameters.ts'
import type { ResourceType } from './resource.ts'
import type { Failure, Works } from './resources.ts'
import { StackFailed } from './stack-failed.ts'
import { updateGoalOf } from './update-goal.ts'
import { customName } from './way.ts'

export { StackFailed }

/** What a deployment came to. */
export interface Deployed {
  readonly outcome: 'created' | 'updated' | 'unchanged'
  readonly stack: Stack
}

/** Who takes a stack down. */
export interface Removal {
  /** The name that the caller of the API gives to the operation. */
  readonly token?: string | undefined
  /** Whose rights it is done with; without one everything may be done. */
  readonly caller?: Caller | undefined
}

/** The stacks of an account. One operation at a time for each; different stacks may go at the same time. */
export interface Stacks {
  /** Everything that a template may ask for. */
  readonly types: readonly ResourceType[]
  /**
   * Creates the stack or updates it, as `cdk deploy` does: one that was never made is taken down first. Throws
   * `TemplateProblem` and `Unsupported` before anything starts, `StackFailed` when something went wrong on the way.
   */
  deploy(request: StackRequest): Promise<Deployed>
  /** Throws `AlreadyExistsException` beside what `deploy` throws. */
  create(request: StackRequest): Promise<Stack>
  /** Throws `ValidationError`: `No updates are to be performed.` beside what `deploy` throws. */
  update(request: StackRequest): Promise<Stack>
  /** Takes a stack down; there being none is fine. Throws `ExportInUse`, and `StackFailed`. */
  delete(stackNameOrId: string, by?: Removal): Promise<void>
  /** What carrying out the request would change; undefined when nothing at all. Throws what `deploy` throws before anything starts. */
  preview(request: StackRequest): Promise<readonly ResourceChange[] | undefined>
  /** A stack that is only planned, REVIEW_IN_PROGRESS, as a change set makes it; one that is there already is left as it is. */
  review(stackName: string): Stack
  /** Makes a stack that is under review. Throws `ValidationError` when it is not, beside what `deploy` throws. */
  createReviewed(request: StackRequest): Promise<Stack>
  /**
   * Goes on with a rollback that failed, without the resources that are skipped. Throws `ValidationError` when there is
   * nothing to go on with, and `StackFailed` when it fails again.
   */
  continueRollback(stackNameOrId: string, skipped: readonly string[], by?: Removal): Promise<Stack>
  /** Guards a stack against `DeleteStack`, or no longer. Throws `ValidationError` when there is none. */
  protect(stackNameOrId: string, protection: boolean): Stack
  /** By name, or by ARN also when it has been deleted. Throws `ValidationError` when there is none. */
  describe(stackNameOrId: string): Stack
  /** Those that exist, oldest first. */
  list(): readonly Stack[]
  /** Those that have been deleted, oldest first: the last 100. */
  deleted(): readonly Stack[]
  exports(): readonly Export[]
}

/** How many deleted stacks can still be asked about. */
const DELETED_KEPT = 100

/** An account without stacks, which can run resources of these types. */
export function startStacks({
  account,
  clock,
  events,
  types,
  shelf,
  ssm,
  dynamic,
  suffix = randomSuffix,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Events
  readonly types: readonly ResourceType[]
  /** Takes in what requests bring as `objects`. */
  readonly shelf?: Shelf
  /** Reads template parameters of SSM type; without it they are refused by name. */
  readonly ssm?: SsmLookup
  /** Answers `{{resolve:…}}`; without it they are refused by name. */
  readonly dynamic?: DynamicLookup
  /** The random end of the names that are invented. */
  readonly suffix?: () => string
}): Stacks {
  const stacks = new Map<string, StackRecord>()
  const deleted: StackRecord[] = []
  const busy = new Set<string>()
  const allTypes = [...inertTypes, nestedStackType, ...types]
  const works: Works = {
    account,
    types: new Map(allTypes.map(one => [one.type, one])),
    clock,
    note: historian(clock, events),
    suffix,
    dynamic,
    stackWith: (type, name) => all().find(stack => hasNamed(stack, type, name))?.stackId,
  }
  const all = () => [...stacks.values()]
  const hasNamed = (stack: StackRecord, type: string, name: string) =>
    [...stack.resources.values()].some(
      one => one.type === type && customName(works.types.get(type)!, one.properties) === name,
    )
  const site: Site = { account, works, ssm, shelf, all }

  const nest: Nest = {
    shelf,
    find,
    create: (request, begun) => alone(request.stackName, 'updated', () => createNow(request, begun)),
    update: (stackId, request) =>
      alone(request.stackName, 'updated', () => updateNow(find(stackId)!, request)),
    delete: (stackId, caller) =>
      alone(find(stackId)!.stackName, 'deleted', () => deleteNow(find(stackId)!, { caller })),
  }

  return {
    types: allTypes,
    deploy: request =>
      alone(request.stackName, 'updated', async () => {
        const failed = find(request.stackName)
        if (failed && /^(ROLLBACK_|CREATE_FAILED)/.test(failed.status)) await deleteNow(failed, request)
        const existing = find(request.stackName)
        if (!existing || existing.status === UNDER_REVIEW)
          return { outcome: 'created', stack: await createNow(request) }
        const stack = await updateNow(existing, request)
        if (stack) return { outcome: 'updated', stack }
        return { outcome: 'unchanged', stack: describeStack(existing) }
      }),
    create: request =>
      alone(request.stackName, 'updated', async () => {
        const existing = find(request.stackName)
        if (existing && existing.status !== UNDER_REVIEW) {
          throw new AwsError('AlreadyExistsException', `Stack [${request.stackName}] already exists`)
        }
        return createNow(request)
      }),
    update: request =>
      alone(request.stackName, 'updated', async () => {
        const existing = find(request.stackName)
        if (!existing) throw refusal(`Stack [${request.stackName}] does not exist`)
        const stack = await updateNow(existing, request)
        if (!stack) throw refusal('No updates are to be performed.')
        return stack
      }),
    delete: async (stackNameOrId, by) => {
      const stack = find(stackNameOrId)
      if (stack) await alone(stack.stackName, 'deleted', () => deleteNow(stack, by))
    },
    async preview(request) {
      const existing = find(request.stackName)
      const made = existing?.status === UNDER_REVIEW ? undefined : existing
      const stack = made ?? newStack(request, site)
      const { stackId } = existing ?? stack
      const goal = made ? await updateGoalOf(made, request, site) : await goalOf(request, stackId, site)
      if (made && (await isReached(goal, made, works))) return
      return changesOf(goal, stack, works)
    },
    review(stackName) {
      const existing = find(stackName)
      if (existing) return describeStack(existing)
      const stack = newStack({ stackName, template: { Resources: {} } }, site)
      stacks.set(stackName, stack)
      noteStack(works.note, stack, UNDER_REVIEW, 'User Initiated')
      return describeStack(stack)
    },
    createReviewed: request =>
      alone(request.stackName, 'updated', async () => {
        const stack = find(request.stackName)
        if (!stack) throw refusal(`Stack [${request.stackName}] does not exist`)
        if (stack.status !== UNDER_REVIEW) {
          throw refusal(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`)
        }
        // A stack that a change set makes counts as updated from the start.
        return createNow(request, () => {
          stack.updatedAt = clock.now()
        })
      }),
    async continueRollback(stackNameOrId, skipped, { token, caller } = {}) {
      const stack = find(stackNameOrId)
      if (!stack) throw refusal(`Stack [${stackNameOrId}] does not exist`)
      return alone(stack.stackName, 'updated', async () => {
        mayContinue(stack, skipped)
        stack.token = token
        return through(stack, () => continueRollback(stack, skipped, worksFor(stack, { caller })))
      })
    },
    protect(stackNameOrId, protection) {
      const stack = find(stackNameOrId)
      if (!stack) throw refusal(`Stack [${stackNameOrId}] does not exist`)
      stack.settings = { ...stack.settings, terminationProtection: protection }
      return describeStack(stack)
    },
    describe(stackNameOrId) {
      const stack = find(stackNameOrId) ?? deleted.find(({ stackId }) => stackId === stackNameOrId)
      if (!stack) throw refusal(`Stack with id ${stackNameOrId} does not exist`)
      return describeStack(stack)
    },
    list: () => all().map(describeStack),
    deleted: () => deleted.map(describeStack),
    exports: () => all().flatMap(stack => exportsOf(stack, all())),
  }

  /** Runs one operation on a stack, refusing as CloudFormation does while another is under way. */
  async function alone<T>(
    stackName: string,
    verb: 'updated' | 'deleted',
    operation: () => Promise<T>,
  ): Promise<T> {
    if (busy.has(stackName)) {
      const { stackId, status } = find(stackName) ?? { stackId: stackName, status: UNDER_REVIEW }
      throw refusal(`Stack:${stackId} is in ${status} state and can not be ${verb}.`)
    }
    busy.add(stackName)
    try {
      return await operation()
    } finally {
      busy.delete(stackName)
    }
  }

  /** Makes a stack, or the one of that name that is under review. */
  async function createNow(request: StackRequest, begun?: (stackId: string) => void): Promise<Stack> {
    const reviewed = find(request.stackName)
    const fresh = newStack(request, site)
    const goal = await goalOf(request, (reviewed ?? fresh).stackId, site)
    const { template, parameters, tags, token } = fresh
    const settings = { ...reviewed?.settings, ...fresh.settings }
    const stack = Object.assign(reviewed ?? fresh, { template, parameters, tags, settings, token })
    stacks.set(stack.stackName, stack)
    begun?.(stack.stackId)
    try {
      return await through(stack, () => create(stack, goal, worksFor(stack, request)))
    } finally {
      if (stack.status === 'DELETE_COMPLETE') bury(stack)
    }
  }

  /** Undefined when there is nothing to update. */
  async function updateNow(stack: StackRecord, request: StackRequest): Promise<Stack | undefined> {
    const goal = await updateGoalOf(stack, request, site)
    if (await isReached(goal, stack, works)) return
    stack.token = request.token
    return through(stack, () => update(stack, goal, worksFor(stack, request)))
  }

  /** Nested stacks are made as a part of the stack around them, and with its rights. */
  function worksFor(
    parent: StackRecord,
    request: Pick<StackRequest, 'caller' | 'onFailure' | 'tags' | 'settings'>,
  ): Works {
    const { caller, onFailure = 'ROLLBACK', tags = parent.tags } = request
    const settings = { ...parent.settings, ...request.settings }
    const nested = nestedStacks(nest, { parent, caller, onFailure, tags, settings })
    return { ...works, caller, types: new Map([...works.types, [STACK_TYPE, nested]]) }
  }

  async function deleteNow(stack: StackRecord, { token, caller }: Removal = {}): Promise<void> {
    const used = exportsOf(stack, all()).find(({ importedBy }) => importedBy.length > 0)
    if (used) {
      const inUse = new ExportInUse(used)
      noteStack(works.note, stack, stack.status, inUse.message)
      throw inUse
    }
    stack.token = token
    await through(stack, () => remove(stack, worksFor(stack, { caller })))
    bury(stack)
  }

  function bury(stack: StackRecord) {
    stacks.delete(stack.stackName)
    deleted.push(stack)
    if (deleted.length > DELETED_KEPT) deleted.shift()
  }

  async function through(stack: StackRecord, operation: () => Promise<Failure | undefined>): Promise<Stack> {
    const started = stack.events.at(-1)
    const failure = await operation()
    if (failure) {
      const own = stack.events.slice(started ? stack.events.indexOf(started) + 1 : 0)
      throw new StackFailed(stack.stackName, failure, own)
    }
    return describeStack(stack)
  }

  function find(stackNameOrId: string): StackRecord | undefined {
    return stacks.get(stackNameOrId) ?? all().find(({ stackId }) => stackId === stackNameOrId)
  }
}

/** Throws CloudFormation's refusal. The words are assumed. */
function mayContinue({ stackId, status, unfinished }: StackRecord, skipped: readonly string[]): void {
  if (status !== 'UPDATE_ROLLBACK_FAILED' || !unfinished) {
    throw refusal(`Stack:${stackId} is in ${status} state and can not be rolled back.`)
  }
  const stray = skipped.filter(name => !unfinished.steps.some(({ logicalId }) => logicalId === name))
  if (stray.length > 0) {
    throw refusal(`The following resource(s) are not in UPDATE_FAILED state: [${stray.join(', ')}]`)
  }
}

const refusal = (message: string) => new AwsError('ValidationError', message)
