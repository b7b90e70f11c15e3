import type { Account } from '../account.ts'
import type { Access } from '../service.ts'
import type { Principal } from './principal.ts'
import type { Context } from './variables.ts'

/** What of an HTTP request IAM looks at. */
export interface Request {
  readonly sourceIp?: string | undefined
  readonly userAgent?: string | undefined
}

/** Tags of the caller's role or user. */
export type Tags = Readonly<Record<string, string>>

/**
 * The global condition keys of a request, and `access.context` over them. `aws:SecureTransport` is always true: the
 * door's plain port stands for AWS's TLS one. Keys that depend on MFA, VPCs or organizations are absent, as they are
 * on AWS in an account that has none.
 */
export function contextOf(
  principal: Principal,
  access: Access,
  { account, at, request, tags }: { account: Account; at: number; request: Request; tags: Tags },
): Context {
  const context: Record<string, string | readonly string[]> = {
    'aws:CurrentTime': new Date(at).toISOString(),
    'aws:EpochTime': String(Math.floor(at / 1000)),
    'aws:RequestedRegion': account.region,
    'aws:ResourceAccount': ownerOf(access.resource, account),
    'aws:SecureTransport': 'true',
    ...(request.sourceIp === undefined ? {} : { 'aws:SourceIp': request.sourceIp }),
    ...(request.userAgent === undefined ? {} : { 'aws:UserAgent': request.userAgent }),
    ...aboutPrincipal(principal),
  }
  const ofSession = principal.kind === 'role-session' ? principal.sessionTags?.tags : undefined
  // A tag of the session stands before one of the role with the same key, in whatever case.
  const hidden = new Set(Object.keys(ofSession ?? {}).map(key => key.toLowerCase()))
  for (const [key, value] of Object.entries(tags)) {
    if (!hidden.has(key.toLowerCase())) context[`aws:PrincipalTag/${key}`] = value
  }
  for (const [key, value] of Object.entries(ofSession ?? {})) context[`aws:PrincipalTag/${key}`] = value
  return { ...context, ...access.context }
}

/** The account in a resource's ARN; an ARN without one (S3's, AWS's own policies) belongs to the caller's. */
export function ownerOf(resource: string, account: Account): string {
  return OWNER.exec(resource)?.[1] ?? account.accountId
}

const OWNER = /^(?:[^:]*:){4}(\d{12})(?::|$)/

/** The keys that say who calls: all that the policy simulator knows of its own accord. */
export function aboutPrincipal(principal: Principal): Readonly<Record<string, string>> {
  if (principal.kind === 'service') {
    return {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': principal.service,
      'aws:ViaAWSService': 'false',
    }
  }
  const inCommon = {
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:userid': principal.userId,
  }
  // Of a session this is the role's ARN, so that one condition holds for all of its sessions.
  if (principal.kind === 'role-session') {
    return { ...inCommon, 'aws:PrincipalArn': principal.roleArn, 'aws:PrincipalType': 'AssumedRole' }
  }
  const name = principal.arn.slice(principal.arn.lastIndexOf('/') + 1)
  return { ...inCommon, 'aws:PrincipalArn': principal.arn, 'aws:PrincipalType': 'User', 'aws:username': name }
}
