import type { Access, Call } from '../../service.ts'
import { type Caller, callerAs } from '../caller.ts'
import { passing } from '../rights.ts'
import { type Input, refusal } from './members.ts'
import { findStack, type Site } from './site.ts'

/** A caller that names a role for a stack must be allowed to pass it to CloudFormation. */
export const toRole = ({ RoleARN }: Input): readonly Access[] =>
  passing(RoleARN, 'cloudformation.amazonaws.com')

/** The role for a stack: the one that a call names, or the one named before. AWS says that it works for everyone who may call, even if they may not pass it. */
export const roleFor = (site: Site, { RoleARN, StackName }: Input): string | undefined =>
  RoleARN || (StackName && findStack(site, StackName)?.settings.roleArn) || undefined

/** With whose rights the resources of a stack are made, changed and deleted: the role's, or the caller's. Throws `ValidationError`. */
export function callerFor(site: Site, { principal }: Call, roleArn: string | undefined): Caller {
  const { authorize, assumeRole } = site
  if (roleArn === undefined) return callerAs(principal, authorize)
  try {
    return callerAs(assumeRole(roleArn, 'AWSCloudFormation'), authorize, { asRole: true })
  } catch {
    // It is not there, or does not trust CloudFormation: that is not told apart.
    throw refusal(`Role ${roleArn} is invalid or cannot be assumed`)
  }
}
