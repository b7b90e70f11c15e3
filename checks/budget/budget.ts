import { iamActions } from '#kit'
import type { Role } from './role.ts'
import { actionMatches, many, matches } from './wildcards.ts'

/** One line of a budget: what the roles of a stack may do, and on what. All else is too much. */
export interface Permit {
  /** `write its log`. */
  readonly to: string
  /** Actions; they may have wildcards. */
  readonly actions: readonly string[]
  /** ARNs; they may have wildcards. */
  readonly on: readonly string[]
  /** Only for roles that this service takes on, and nobody else. */
  readonly as?: string
  /** Only for roles of functions in a VPC. */
  readonly inVpc?: true
  /** Only for the role with this ARN. */
  readonly of?: string
}

/** Whether a budget lets everybody do this everywhere. */
export const isFree = (budget: readonly Permit[], action: string): boolean =>
  budget.some(
    ({ actions, on, as, of, inVpc }) =>
      as === undefined &&
      inVpc === undefined &&
      of === undefined &&
      on.includes('*') &&
      actions.some(pattern => actionMatches(pattern, action)),
  )

/** Whether a budget has a line for this. */
export const permits = (budget: readonly Permit[], role: Role, action: string, resource: string): boolean =>
  budget.some(
    ({ actions, on, as, of, inVpc }) =>
      (as === undefined || isFor(role, as)) &&
      (inVpc === undefined || role.isInVpc) &&
      (of === undefined || of === role.arn) &&
      actions.some(pattern => actionMatches(pattern, action)) &&
      on.some(pattern => matches(pattern, resource)),
  )

const isFor = ({ trust }: Role, service: string): boolean =>
  trust.length > 0 &&
  trust.every(({ statement: { Principal } }) => {
    if (typeof Principal !== 'object') return false
    return Object.entries(Principal).every(([kind, names]) =>
      kind === 'Service' ? many(names).every(name => name === service) : false,
    )
  })

/** A service's actions of some access levels, from AWS's own list. */
export const actionsOf = (service: string, ...levels: readonly string[]): string[] =>
  [...(iamActions().get(service)?.values() ?? [])]
    .filter(({ level }) => levels.includes(level))
    .map(({ name }) => name)
