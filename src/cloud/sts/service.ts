import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Role } from '../iam/identity.ts'
import type { PolicyDocument } from '../iam/policy.ts'
import type { Iam } from '../iam/roles.ts'
import { validatePolicy } from '../iam/validate.ts'
import type { Call, Operation, Service } from '../service.ts'
import { sessionTagsOf, type TagInput, tagContext } from './session-tags.ts'
import type { Sts } from './sts.ts'

interface AssumeRole extends TagInput {
  readonly RoleArn?: string
  readonly RoleSessionName?: string
  readonly DurationSeconds?: string
  readonly ExternalId?: string
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
}

/** The operations of STS that an account without identity providers and MFA has a use for. */
export function stsService({
  account,
  iam,
  issue,
}: {
  account: Account
  iam: Iam
  issue: Sts['issue']
}): Service {
  const getCallerIdentity: Operation = {
    name: 'GetCallerIdentity',
    // Anybody may ask who they are, says AWS, even in the face of an explicit deny.
    access: () => [],
    run: (_, { principal }) =>
      principal.kind === 'service'
        ? { Account: account.accountId }
        : { UserId: principal.userId, Account: principal.accountId, Arn: principal.arn },
  }

  const assumeRole: Operation<AssumeRole> = {
    name: 'AssumeRole',
    access(input, { principal }) {
      check(input)
      const role = roleOf(input)
      const trust = role && iam.seenTrust(role)
      const sessionTags = sessionTagsOf(input, principal)
      const context = {
        'sts:RoleSessionName': input.RoleSessionName!,
        ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
        ...tagContext(sessionTags),
      }
      const on = (action: string) => ({
        action,
        resource: input.RoleArn!,
        context,
        ...(trust ? { resourcePolicy: trust } : {}),
      })
      // Inherited tags are passed as well (IAM guide, "Pass session tags").
      const isTagged = Object.keys(sessionTags.tags).length > 0
      return [on('sts:AssumeRole'), ...(isTagged ? [on('sts:TagSession')] : [])]
    },
    run(input, { principal }) {
      const role = iam.role(input.RoleArn!)
      const seconds = Number(input.DurationSeconds ?? 3600)
      if (seconds > role.maxSessionDuration) {
        throw validationError(
          'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
        )
      }
      if (principal.kind === 'role-session' && seconds > 3600) {
        throw validationError(
          'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
        )
      }
      const sessionPolicies = sessionPoliciesOf(input)
      const sessionTags = sessionTagsOf(input, principal)
      const session = issue(role.arn, input.RoleSessionName!, {
        seconds,
        ...(sessionPolicies.length > 0 ? { sessionPolicies } : {}),
        ...(Object.keys(sessionTags.tags).length > 0 ? { sessionTags } : {}),
      })
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: session.expiration.toISOString(),
        },
        AssumedRoleUser: { AssumedRoleId: session.principal.userId, Arn: session.principal.arn },
      }
    },
  }

  return {
    signingName: 'sts',
    protocol: 'query',
    version: '2011-06-15',
    operations: [getCallerIdentity, assumeRole],
    denied(access, decision, call: Call) {
      // STS names the policy only where one forbids it; that nobody allowed it may be either side's fault.
      const unexplained = decision.allowed || decision.deny === 'implicit'
      const text = denialText(call.principal, access, unexplained ? { allowed: true } : decision)
      return new AwsError('AccessDenied', text, 403)
    },
  }

  /** A role that does not exist is not told apart from one that trusts nobody. */
  function roleOf({ RoleArn }: AssumeRole): Role | undefined {
    return iam.roles().find(role => role.arn === RoleArn)
  }

  function sessionPoliciesOf({ Policy, PolicyArns }: AssumeRole): readonly PolicyDocument[] {
    // In the Query protocol a list that was sent empty arrives as an empty text.
    const managed = (PolicyArns || []).map(({ arn }) => iam.policies.find(arn).document)
    if (Policy === undefined) return managed
    validatePolicy(Policy, 'identity')
    return [JSON.parse(Policy), ...managed]
  }
}

function check({ RoleArn, RoleSessionName, DurationSeconds = '3600' }: AssumeRole): void {
  if (!RoleArn) throw missing('roleArn')
  if (!RoleSessionName) throw missing('roleSessionName')
  if (!/^arn:[\w-]+:iam::\d{12}:role\/./.test(RoleArn)) throw validationError(`${RoleArn} is invalid`)
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw constraint(
      'roleSessionName',
      RoleSessionName,
      'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    )
  }
  const seconds = Number(DurationSeconds)
  if (!(seconds >= 900)) {
    throw constraint(
      'durationSeconds',
      DurationSeconds,
      'Member must have value greater than or equal to 900',
    )
  }
  if (seconds > 43_200) {
    throw constraint('durationSeconds', DurationSeconds, 'Member must have value less than or equal to 43200')
  }
}

const validationError = (message: string) => new AwsError('ValidationError', message)
const missing = (parameter: string) =>
  validationError(
    `1 validation error detected: Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
  )
const constraint = (parameter: string, value: string, text: string) =>
  validationError(
    `1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: ${text}`,
  )
