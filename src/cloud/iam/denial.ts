import type { Access } from '../service.ts'
import type { Decision } from './policy.ts'
import type { Principal } from './principal.ts'

/** A decision that is a refusal. */
export type Refusal = Extract<Decision, { allowed: false }>

/**
 * AWS's sentence for a refusal (facts: J1, J10):
 * `User: <arn> is not authorized to perform: <action> on resource: <arn> because no identity-based policy allows the <action> action`.
 * Services that write action or resource differently (facts: E11, J4, J5) pass an `access` that says so.
 */
export const denialText = (
  principal: Principal,
  access: Pick<Access, 'action' | 'resource'>,
  decision: Decision,
) =>
  `User: ${principalName(principal)} is not authorized to perform: ${access.action} on resource: ${access.resource}` +
  (decision.allowed ? '' : ` ${because(decision, access.action)}`)

/** The end of the sentence: who forbade it, or which kind of policy should have allowed it (facts: J10). */
export function because({ deny, kind }: Refusal, action: string): string {
  const policy = kind === 'permissions boundary' ? kind : `${kind} policy`
  if (deny === 'implicit') return `because no ${policy} allows the ${action} action`
  return `with an explicit deny in ${kind === 'identity-based' ? 'an' : 'a'} ${policy}`
}

/** How AWS names a caller: by ARN, a service by its host name (facts: J11). */
export const principalName = (principal: Principal) =>
  principal.kind === 'service' ? principal.service : principal.arn

/** IAM names what it is asked about by kind and name, `role Say`, where the question had an ARN; but not what is yet to be made, or passed on. */
export function asIamWrites({ action, resource }: Pick<Access, 'action' | 'resource'>): string {
  if (/^iam:(CreateRole|CreateUser|PassRole)$/.test(action)) return resource
  const [, kind, name] = /:(role|user)\/(?:.*\/)?([^/]+)$/.exec(resource) ?? []
  if (kind) return `${kind} ${name}`
  return /:policy\//.test(resource) ? `policy ${resource}` : resource
}
