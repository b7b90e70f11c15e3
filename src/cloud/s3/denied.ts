import { AwsError } from '../error.ts'
import { because, principalName } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { Access, Call } from '../service.ts'

/** S3's way of saying no: the resource in quotes. To unsigned requests it says no more than that. */
export function denied(
  { action, resource }: Access,
  decision: Decision,
  { principal }: Pick<Call, 'principal'>,
) {
  if (principal.kind === 'service') return new AwsError('AccessDenied', 'Access Denied', 403)
  const where = resource === '*' ? '' : ` on resource: "${resource}"`
  const why = decision.allowed ? '' : ` ${because(decision, action)}`
  const message = `User: ${principalName(principal)} is not authorized to perform: ${action}${where}${why}`
  return new AwsError('AccessDenied', message, 403)
}
