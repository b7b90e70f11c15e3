import { AwsError } from '../error.ts'
import type { StackRecord } from './history.ts'
import type { Wanted, Works } from './resources.ts'
import { customName } from './way.ts'

/**
 * CloudFormation's words for a name that a resource of a stack has already, in place of the service's own refusal.
 * Undefined when the refusal is about something else, or when no stack has the name.
 */
export function alreadyThere(
  error: unknown,
  { logicalId, type, properties }: Wanted,
  site: {
    readonly stack: StackRecord
    readonly works: Works
    /** What is made at the same time. */
    readonly wave: readonly { readonly wanted: Wanted }[]
  },
): AwsError | undefined {
  const { stack, works, wave } = site
  if (!(error instanceof AwsError) || !/Exist|InUse|Conflict/.test(error.code)) return
  const kind = works.types.get(type)!
  const name = customName(kind, properties)
  if (name === undefined) return
  const twin = wave.some(
    ({ wanted }) =>
      wanted.logicalId !== logicalId && wanted.type === type && customName(kind, wanted.properties) === name,
  )
  const holder = twin ? stack.stackId : works.stackWith(type, name)
  return holder === undefined
    ? undefined
    : new AwsError('AlreadyExistsException', `${name} already exists in stack ${holder}`)
}
