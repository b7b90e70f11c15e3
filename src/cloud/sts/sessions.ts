import type { Account } from '../account.ts'
import { accessKeys, secretKey as secret } from '../iam/access-keys.ts'
import { uniqueId } from '../iam/policies.ts'
import type { Principal, RoleSession } from '../iam/principal.ts'
import type { Iam } from '../iam/roles.ts'
import { stsService } from './service.ts'
import type { Identified, Sts } from './sts.ts'

/** Starts STS with keys for the learner. `now` dates the end of sessions, in milliseconds since the epoch. */
export function startSts({ account, iam, now }: { account: Account; iam: Iam; now: () => number }): Sts {
  const keys = new Map<string, Identified>()
  const ofUsers = accessKeys(now)
  const own = ofUsers.create(iam.user(iam.learner.arn))

  const sts: Omit<Sts, 'service'> = {
    learner: { accessKeyId: own.id, secretAccessKey: own.secret },
    accessKeys: ofUsers,
    issue(roleArn, sessionName, { seconds = 43_200, sessionPolicies, sessionTags } = {}) {
      sweep()
      const role = iam.role(roleArn)
      const principal: RoleSession = {
        kind: 'role-session',
        arn: `arn:${account.partition}:sts::${account.accountId}:assumed-role/${role.name}/${sessionName}`,
        accountId: account.accountId,
        roleArn: role.arn,
        userId: `${role.id}:${sessionName}`,
        ...(sessionPolicies ? { sessionPolicies } : {}),
        ...(sessionTags ? { sessionTags } : {}),
      }
      const credentials = {
        accessKeyId: uniqueId('ASIA', 16),
        secretAccessKey: secret(30),
        sessionToken: secret(255),
        expiration: new Date(now() + seconds * 1000),
      }
      const { secretAccessKey, sessionToken, expiration } = credentials
      keys.set(credentials.accessKeyId, {
        secret: secretAccessKey,
        sessionToken,
        principal,
        expires: expiration.getTime(),
      })
      return { ...credentials, principal }
    },
    find(accessKeyId) {
      const users = ofUsers.find(accessKeyId)
      if (users) return { secret: users.secret, principal: iam.principalOf(users.user) }
      const key = keys.get(accessKeyId)
      return key && stillThere(key.principal) ? key : undefined
    },
  }
  return { ...sts, service: stsService({ account, iam, issue: sts.issue }) }

  function stillThere(principal: Principal): boolean {
    if (principal.kind !== 'role-session') return true
    return iam
      .roles()
      .some(role => role.arn === principal.roleArn && principal.userId.startsWith(`${role.id}:`))
  }

  /** Sessions long over are forgotten; one just over must still be told apart from one that never was. */
  function sweep() {
    for (const [id, { expires = Number.POSITIVE_INFINITY }] of keys) {
      if (expires < now() - 3_600_000) keys.delete(id)
    }
  }
}
