import { alreadyThere } from './already-there.ts'
import type { Goal } from './goal.ts'
import type { ResourceRecord, StackRecord, Step } from './history.ts'
import type { Scope } from './intrinsic.ts'
import { waves } from './order.ts'
import type { Physical } from './resource.ts'
import {
  type Deed,
  type Failure,
  failureOf,
  mayDo,
  requestFor,
  scopeOf,
  type Wanted,
  type Works,
  wantedResource,
} from './resources.ts'
import { mayChange, wayOf } from './way.ts'

/** How far it went. */
export interface Applied {
  readonly steps: readonly Step[]
  /** Empty when all went well; otherwise those of the wave that failed, in written order. */
  readonly failures: readonly (Failure & { readonly verb: 'create' | 'update' })[]
}

type Way = 'create' | 'harmless' | 'update' | 'replace'

// allow-word archaic: CloudFormation's own words
const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.'

/**
 * Brings the stack's resources to what the plan wants: makes what is new and changes what differs, what is needed
 * first. Resources that do not need each other go at the same time, and are written down in the plan's order.
 * Takes nothing away: what was replaced or is no longer wanted is the caller's to clean up.
 */
export async function apply(
  { plan, tags }: Pick<Goal, 'plan' | 'tags'>,
  stack: StackRecord,
  works: Works,
): Promise<Applied> {
  const scope = scopeOf(plan, stack)
  const steps: Step[] = []
  for (const wave of waves(plan.needs)) {
    const failures = await applyWave(wave, { plan, tags }, stack, scope, works, steps)
    if (failures.length > 0) return { steps, failures }
  }
  return { steps, failures: [] }
}

async function applyWave(
  wave: readonly string[],
  { plan, tags }: Pick<Goal, 'plan' | 'tags'>,
  stack: StackRecord,
  scope: Scope,
  works: Works,
  steps: Step[],
): Promise<Applied['failures']> {
  const failures: Applied['failures'][number][] = []
  const tasks: { readonly wanted: Wanted; readonly way: Way; readonly before: ResourceRecord | undefined }[] =
    []

  for (const logicalId of wave) {
    const before = stack.resources.get(logicalId)
    const resource = { logicalId, type: plan.resources.get(logicalId)!.Type }
    try {
      const wanted = await wantedResource(plan, logicalId, scope, works)
      const way = before
        ? wayOf(works.types.get(wanted.type)!, before.properties, wanted.properties)
        : 'create'
      if (before && (way === 'none' || way === 'harmless')) may('tags', wanted, before)
      if (way !== 'none') tasks.push({ wanted, way, before })
      // Its policies or its order may be others than before, which is no change of the resource.
      else stack.resources.set(logicalId, { ...before!, ...wanted.record })
    } catch (cause) {
      fail(resource, before, cause)
    }
  }
  if (failures.length > 0) return failures
  const comesFirst = ({ wanted }: { readonly wanted: Wanted }) =>
    Number(works.types.get(wanted.type)!.comesFirst ?? false)
  tasks.sort((a, b) => comesFirst(b) - comesFirst(a))

  const begun = new Map<string, string>()
  const outcomes = await Promise.allSettled(tasks.map(one => start(one.wanted, one.way, one.before)))
  for (const [index, { wanted, way, before }] of tasks.entries()) {
    const outcome = outcomes[index]!
    if (outcome.status === 'rejected') {
      // Nobody can tell how far it got: taken as done, so that undoing puts back what there was.
      if (before && way === 'update') {
        stack.resources.set(wanted.logicalId, { ...before, properties: wanted.properties })
        steps.push({ kind: 'updated', logicalId: wanted.logicalId, before })
      }
      const physicalId = begun.get(wanted.logicalId)
      if (physicalId !== undefined) leave(wanted, before, physicalId)
      fail(wanted, before, outcome.reason)
    } else {
      finish(wanted, way, before, outcome.value)
    }
  }
  return failures

  async function start(wanted: Wanted, way: Way, before: ResourceRecord | undefined): Promise<Physical> {
    const type = works.types.get(wanted.type)!
    const resource = { ...wanted, physicalId: before?.physicalId ?? '' }
    if (way === 'create') works.note(stack, resource, 'CREATE_IN_PROGRESS')
    else works.note(stack, resource, 'UPDATE_IN_PROGRESS', way === 'replace' ? REPLACING : undefined)
    if (way === 'harmless') return before!
    if (before) mayChange(type, before.properties, wanted.properties)
    const request = {
      ...requestFor(stack, wanted, works),
      begun(physicalId: string) {
        begun.set(wanted.logicalId, physicalId)
        noteInitiated(wanted, before, physicalId)
      },
    }
    if (way === 'update') {
      may('update', wanted, before)
      return type.update!(request, before!)
    }
    may('create', wanted, undefined, request.inventName)
    try {
      return await type.create(request)
    } catch (error) {
      throw alreadyThere(error, wanted, { stack, works, wave: tasks }) ?? error
    }
  }

  /** The second event of something new, which has its physical id. */
  function noteInitiated(wanted: Wanted, before: ResourceRecord | undefined, physicalId: string) {
    const status = before ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS'
    works.note(stack, { ...wanted, physicalId }, status, 'Resource creation Initiated')
  }

  function may(
    verb: Deed['verb'],
    { type, properties }: Wanted,
    before?: ResourceRecord,
    inventName?: Deed['inventName'],
  ) {
    const deed = { type: works.types.get(type)!, verb, properties, stackTags: tags }
    mayDo({ ...deed, ...(before && { existing: before }), ...(inventName && { inventName }) }, stack, works)
  }

  function finish(wanted: Wanted, way: Way, before: ResourceRecord | undefined, made: Physical) {
    const { physicalId, attributes } = made
    if ((way === 'create' || way === 'replace') && !begun.has(wanted.logicalId)) {
      noteInitiated(wanted, before, physicalId)
    }
    const status = before ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE'
    const record = { ...wanted.record, physicalId, attributes, status, updatedAt: works.clock.now() }
    stack.resources.set(wanted.logicalId, record)
    works.note(stack, record, status)
    const { logicalId } = wanted
    steps.push(
      before
        ? { kind: way === 'replace' ? 'replaced' : 'updated', logicalId, before }
        : { kind: 'created', logicalId },
    )
  }

  /** What failed when it was half made stays the stack's, until it is taken down. */
  function leave(wanted: Wanted, before: ResourceRecord | undefined, physicalId: string) {
    const now = works.clock.now()
    const record = { ...wanted.record, physicalId, attributes: {}, status: 'CREATE_FAILED', updatedAt: now }
    stack.resources.set(wanted.logicalId, record)
    const { logicalId } = wanted
    steps.push(before ? { kind: 'replaced', logicalId, before } : { kind: 'created', logicalId })
  }

  function fail(
    resource: { readonly logicalId: string; readonly type: string },
    before: ResourceRecord | undefined,
    cause: unknown,
  ) {
    const failure = failureOf(resource, cause)
    failures.push({ ...failure, verb: before ? 'update' : 'create' })
    const status = before ? 'UPDATE_FAILED' : 'CREATE_FAILED'
    const physicalId = stack.resources.get(resource.logicalId)?.physicalId ?? ''
    works.note(stack, { ...resource, physicalId }, status, failure.reason)
  }
}
