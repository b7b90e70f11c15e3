import { AwsError } from '../error.ts'
import type { RoleSession } from '../iam/principal.ts'
import type { Iam } from '../iam/roles.ts'
import type { Sts } from './sts.ts'

/**
 * How a service takes on a role that the customer names: if the role's trust policy lets it.
 *
 * The answer throws `AwsError` (AccessDenied) when it does not, `NoSuchEntity` when there is no such role.
 */
export const takeOnFor =
  (service: string, iam: Iam, sts: Sts) =>
  (roleArn: string, sessionName: string): RoleSession => {
    const { trust } = iam.role(roleArn)
    const decision = iam.authorize(
      { kind: 'service', service },
      { action: 'sts:AssumeRole', resource: roleArn, resourcePolicy: trust },
    )
    if (!decision.allowed)
      throw new AwsError('AccessDenied', `${service} may not assume the role ${roleArn}.`, 403)
    return sts.issue(roleArn, sessionName).principal
  }
