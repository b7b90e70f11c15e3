import { AwsError } from '../../error.ts'
import type { RoleSession } from '../../iam/principal.ts'
import type { Core } from '../core.ts'

/** What API Gateway calls its sessions of a customer's role. */
const SESSION_NAME = 'BackplaneAssumeRoleSession'

/**
 * Takes on the role of an integration's or authorizer's CredentialsArn.
 * Throws `AwsError` in the words of AWS's execution log when there is no such role, or it does not trust API Gateway: the two look the same.
 */
export function takeOn(core: Core, roleArn: string): RoleSession {
  try {
    return (core.assumeRole ?? sessionOf)(roleArn, SESSION_NAME)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError(
      'AccessDenied',
      `API Gateway does not have permission to assume the provided role ${roleArn}`,
      403,
    )
  }
}

/** Where nobody keeps roles, every role is there and lets API Gateway. */
function sessionOf(roleArn: string, sessionName: string): RoleSession {
  const [, partition = '', accountId = '', path = ''] =
    /^arn:([\w-]+):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? []
  if (!path) throw new AwsError('BadRequestException', `Invalid role ARN ${roleArn}`)
  const roleName = path.slice(path.lastIndexOf('/') + 1)
  return {
    kind: 'role-session',
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    accountId,
    roleArn,
    userId: `AROA${roleName.toUpperCase().replace(/[^A-Z0-9]/g, '')}:${sessionName}`,
  }
}
