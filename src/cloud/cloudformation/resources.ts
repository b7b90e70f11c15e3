import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Caller } from './caller.ts'
import { type DynamicLookup, resolveDynamic } from './dynamic.ts'
import type { Note, ResourceRecord, StackRecord } from './history.ts'
import type { Scope } from './intrinsic.ts'
import { evaluate } from './intrinsics.ts'
import { inventName } from './names.ts'
import type { Plan } from './plan.ts'
import type { Properties } from './properties.ts'
import type { Physical, ResourceRequest, ResourceType } from './resource.ts'
import { accessesFor, tagsIn, type Verb } from './rights.ts'

/** What every operation on a stack works with. */
export interface Works {
  readonly account: Account
  readonly types: ReadonlyMap<string, ResourceType>
  readonly clock: Clock
  readonly note: Note
  readonly suffix: () => string
  readonly dynamic: DynamicLookup | undefined
  /** The id of the stack that has a resource of this type under this name, which its template gave. */
  readonly stackWith: (type: string, name: string) => string | undefined
  /** Whose rights it is done with; without one everything may be done. */
  readonly caller?: Caller | undefined
}

/** The first thing that went wrong. `cause` is the error itself: an `AwsError` is AWS's refusal, anything else is ours. */
export interface Failure {
  readonly logicalId?: string
  readonly type?: string
  readonly reason: string
  readonly cause: unknown
}

/** A resource as the plan wants it. */
export interface Wanted {
  readonly logicalId: string
  readonly type: string
  readonly properties: Properties
  readonly record: Omit<ResourceRecord, keyof Physical | 'status' | 'updatedAt'>
}

/** Works out a resource's properties; every resource it refers to must exist by now. Throws `TemplateProblem`. */
export async function wantedResource(
  plan: Plan,
  logicalId: string,
  scope: Scope,
  works: Works,
): Promise<Wanted> {
  const definition = plan.resources.get(logicalId)!
  const path = `Resources.${logicalId}.Properties`
  const evaluated = evaluate(definition.Properties ?? {}, scope, path)
  // Nothing looks at the properties of what is not run here.
  const properties = (
    works.types.get(definition.Type)?.takesAnything
      ? evaluated
      : await resolveDynamic(evaluated, path, works.dynamic, works.caller)
  ) as Properties
  return {
    logicalId,
    type: definition.Type,
    properties,
    record: {
      logicalId,
      type: definition.Type,
      properties,
      needs: plan.needs.get(logicalId)!,
      deletionPolicy: definition.DeletionPolicy,
      updateReplacePolicy: definition.UpdateReplacePolicy,
    },
  }
}

/** The stack's resources as `Ref` and `Fn::GetAtt` see them while `plan` is carried out. */
export const scopeOf = (plan: Plan, stack: StackRecord): Scope => ({
  ...plan.scope,
  resource: logicalId => (plan.resources.has(logicalId) ? stack.resources.get(logicalId) : undefined),
})

/** What a resource type is given to make or change a resource. */
export const requestFor = (
  stack: StackRecord,
  { logicalId, properties }: Pick<Wanted, 'logicalId' | 'properties'>,
  works: Works,
): ResourceRequest => {
  let suffix: string | undefined
  return {
    stackName: stack.stackName,
    logicalId,
    properties,
    inventName(maxLength) {
      suffix ??= works.suffix()
      return inventName(stack.stackName, logicalId, suffix, maxLength)
    },
  }
}

/** What is about to be done to a resource, as IAM is asked about it. */
export interface Deed {
  readonly type: ResourceType
  /** `tags` where only the stack's tags are others. */
  readonly verb: Verb | 'tags'
  readonly properties: Properties
  readonly inventName?: ResourceRequest['inventName']
  /** The resource as it is: of one that is yet to be made there is none. */
  readonly existing?: Physical & { readonly properties: Properties }
  /** The tags that the stack will have, if they are others. */
  readonly stackTags?: Readonly<Record<string, string>>
}

/** Makes sure that the caller may do it. Throws `AwsError` with AWS's words if not. */
export function mayDo(deed: Deed, stack: StackRecord, { account, caller }: Works): void {
  if (!caller) return
  const { type, verb, properties, existing, stackTags = stack.tags } = deed
  const { inventName = () => '*' } = deed
  const tags = { ...stackTags, ...tagsOf(properties) }
  const before = existing && verb !== 'delete' ? existing.properties : undefined
  const accesses = accessesFor(type.rights, verb, {
    account,
    properties,
    tags,
    inventName,
    ...(existing && { physicalId: existing.physicalId }),
    ...(before && { before, tagsBefore: { ...stack.tags, ...tagsOf(before) } }),
  })
  caller.ask(type.rights, accesses)
}

const tagsOf = ({ Tags, UserPoolTags, HostedZoneTags }: Properties) =>
  tagsIn(Tags ?? UserPoolTags ?? HostedZoneTags)

/** An error as the reason of a failed event. */
export const failureOf = (
  { logicalId, type }: Pick<Wanted, 'logicalId' | 'type'>,
  cause: unknown,
): Failure => ({
  logicalId,
  type,
  reason: reasonOf(cause),
  cause,
})

export const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
