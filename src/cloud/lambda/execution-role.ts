import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { RoleSession } from '../iam/principal.ts'
import type { Configuration } from './configuration.ts'

/** Of a function, what says as whom it acts. */
export type Acting = Pick<Configuration, 'roleArn' | 'functionName'>

/** The principal that Lambda is when it calls another service for a function: the function's role, without keys. None when the role is gone. */
export type ActAs = (configuration: Acting) => RoleSession | undefined

/** What has to be known of a role to act as it. */
export interface ExecutionRole {
  readonly name: string
  readonly arn: string
  /** `AROA…`. */
  readonly id: string
}

/** `role` throws `AwsError` when there is none of that ARN. */
export const actAs =
  (account: Account, role: (arn: string) => ExecutionRole): ActAs =>
  ({ roleArn, functionName }) => {
    try {
      const { name, arn, id } = role(roleArn)
      return {
        kind: 'role-session',
        arn: `arn:${account.partition}:sts::${account.accountId}:assumed-role/${name}/${functionName}`,
        accountId: account.accountId,
        roleArn: arn,
        userId: `${id}:${functionName}`,
      }
    } catch (error) {
      // Deleted while the function lives on: there is nobody to act as.
      if (!(error instanceof AwsError)) throw error
      return undefined
    }
  }
