import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { describeStack, type Stack } from './describe.ts'
import type { DynamicLookup } from './dynamic.ts'
import { type Export, exportsOf } from './exports.ts'
import { goalOf, isReached, type Site, type StackRequest } from './goal.ts'
import { historian, type StackEvent, type StackRecord } from './history.ts'
import { inertTypes } from './inert.ts'
import { randomSuffix } from './names.ts'
import type { Shelf } from './objects.ts'
import { create, remove, update } from './operations.ts'
import type { SsmLookup } from './parameters.ts'
import type { ResourceType } from './resource.ts'
import type { Failure, Works } from './resources.ts'
import { TemplateProblem } from './template.ts'

/** What a deployment came to. */
export interface Deployed {
  readonly outcome: 'created' | 'updated' | 'unchanged'
  readonly stack: Stack
}

/** The stacks of an account. One operation at a time for each; different stacks may go at the same time. */
export interface Stacks {
  /**
   * Creates the stack or updates it, as `cdk deploy` does: one that is ROLLBACK_COMPLETE is taken down first. Throws
   * `TemplateProblem` and `Unsupported` before anything starts, `StackFailed` when something went wrong on the way.
   */
  deploy(request: StackRequest): Promise<Deployed>
  /** Throws `AlreadyExistsException` beside what `deploy` throws. */
  create(request: StackRequest): Promise<Stack>
  /** Throws `ValidationError`: `No updates are to be performed.` beside what `deploy` throws. */
  update(request: StackRequest): Promise<Stack>
  /** Takes a stack down; there being none is fine. Throws `ValidationError` when an export of it is in use, and `StackFailed`. */
  delete(stackNameOrId: string): Promise<void>
  /** By name, or by ARN also when it has been deleted. Throws `ValidationError` when there is none. */
  describe(stackNameOrId: string): Stack
  /** Those that exist, oldest first. */
  list(): readonly Stack[]
  exports(): readonly Export[]
}

/** An operation on a stack that went wrong. The stack has been rolled back as far as it would go. */
export class StackFailed extends Error {
  readonly stackName: string
  /** The resource whose failure came first; undefined when it is the stack's outputs or exports. */
  readonly logicalId: string | undefined
  readonly type: string | undefined
  readonly reason: string
  /** This operation's events, oldest first. */
  readonly events: readonly StackEvent[]

  constructor(stackName: string, { logicalId, type, reason, cause }: Failure, events: readonly StackEvent[]) {
    super(`${stackName}${logicalId ? `/${logicalId} (${type})` : ''}: ${reason}`, { cause })
    this.name = 'StackFailed'
    this.stackName = stackName
    this.logicalId = logicalId
    this.type = type
    this.reason = reason
    this.events = events
  }
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
  const works: Works = {
    types: new Map([...inertTypes, ...types].map(one => [one.type, one])),
    clock,
    note: historian(clock, events),
    suffix,
    dynamic,
  }
  const site: Site = { account, works, ssm, shelf, all }

  return {
    deploy: request =>
      alone(request.stackName, 'updated', async () => {
        if (find(request.stackName)?.status.startsWith('ROLLBACK_')) await deleteNow(find(request.stackName)!)
        const existing = find(request.stackName)
        if (!existing) return { outcome: 'created', stack: await createNow(request) }
        const stack = await updateNow(existing, request)
        return stack
          ? { outcome: 'updated', stack }
          : { outcome: 'unchanged', stack: describeStack(existing) }
      }),
    create: request =>
      alone(request.stackName, 'updated', async () => {
        if (find(request.stackName)) {
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
    delete: async stackNameOrId => {
      const stack = find(stackNameOrId)
      if (stack) await alone(stack.stackName, 'deleted', () => deleteNow(stack))
    },
    describe(stackNameOrId) {
      const stack = find(stackNameOrId) ?? deleted.find(({ stackId }) => stackId === stackNameOrId)
      if (!stack) throw refusal(`Stack with id ${stackNameOrId} does not exist`)
      return describeStack(stack)
    },
    list: () => [...stacks.values()].map(describeStack),
    exports: () => all().flatMap(stack => exportsOf(stack, all())),
  }

  /** Runs one operation on a stack, refusing as CloudFormation does while another is under way. */
  async function alone<T>(
    stackName: string,
    verb: 'updated' | 'deleted',
    operation: () => Promise<T>,
  ): Promise<T> {
    if (busy.has(stackName)) {
      const { stackId, status } = find(stackName) ?? { stackId: stackName, status: 'REVIEW_IN_PROGRESS' }
      throw refusal(`Stack:${stackId} is in ${status} state and can not be ${verb}.`)
    }
    busy.add(stackName)
    try {
      return await operation()
    } finally {
      busy.delete(stackName)
    }
  }

  async function createNow(request: StackRequest): Promise<Stack> {
    const { stackName, template, parameters = {}, tags = {} } = request
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(stackName)) {
      throw new TemplateProblem(
        `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      )
    }
    const { partition, region, accountId } = account
    const stackId = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${randomUUID()}`
    const goal = await goalOf(request, stackId, site)
    const stack: StackRecord = {
      stackName,
      stackId,
      createdAt: clock.now(),
      status: 'REVIEW_IN_PROGRESS',
      reason: undefined,
      template,
      parameters,
      tags,
      resources: new Map(),
      outputs: [],
      imports: new Set(),
      events: [],
    }
    stacks.set(stackName, stack)
    return through(stack, () => create(stack, goal, works))
  }

  /** Undefined when there is nothing to update. */
  async function updateNow(stack: StackRecord, request: StackRequest): Promise<Stack | undefined> {
    if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status)) {
      throw refusal(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`)
    }
    const goal = await goalOf(request, stack.stackId, site)
    const changed = [...goal.plan.resources].filter(
      ([logicalId, { Type }]) => (stack.resources.get(logicalId)?.type ?? Type) !== Type,
    )
    if (changed.length > 0) {
      const names = changed.map(([logicalId]) => logicalId).join(', ')
      throw new TemplateProblem(
        `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
      )
    }
    if (await isReached(goal, stack, works)) return
    return through(stack, () => update(stack, goal, works))
  }

  async function deleteNow(stack: StackRecord): Promise<void> {
    const used = exportsOf(stack, all()).find(({ importedBy }) => importedBy.length > 0)
    if (used) {
      throw refusal(`Export ${used.name} cannot be deleted as it is in use by ${used.importedBy.join(', ')}`)
    }
    await through(stack, () => remove(stack, works))
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

  function all(): readonly StackRecord[] {
    return [...stacks.values()]
  }

  function find(stackNameOrId: string): StackRecord | undefined {
    return stacks.get(stackNameOrId) ?? [...stacks.values()].find(({ stackId }) => stackId === stackNameOrId)
  }
}

const refusal = (message: string) => new AwsError('ValidationError', message)
