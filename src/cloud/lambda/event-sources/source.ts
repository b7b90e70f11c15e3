import type { Decision } from '../../iam/policy.ts'
import type { Principal, RoleSession } from '../../iam/principal.ts'
import type { Access } from '../../service.ts'
import type { Queue, Queues } from '../../sqs/queues.ts'
import type { ActAs, Acting } from '../execution-role.ts'

/** What Lambda does to a queue with the function's role, in the order in which it finds out that it may not. */
const ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] as const

export type QueueAction = (typeof ACTIONS)[number]

/** How IAM is asked. */
export interface Ask {
  readonly decide: (principal: Principal, access: Access) => Decision
  /** The same, reported to watchers. */
  readonly authorize: (principal: Principal, access: Access) => Decision
}

/** Asks IAM again and again. Its answer is reported to watchers when it turns to no, not each time. */
export function asksIam({ decide, authorize }: Ask) {
  const refused = new Set<string>()
  return (principal: RoleSession, access: Access): boolean => {
    const question = `${principal.arn} ${access.action} ${access.resource}`
    const { allowed } = decide(principal, access)
    if (allowed) refused.delete(question)
    else if (!refused.has(question)) {
      refused.add(question)
      authorize(principal, access)
    }
    return allowed
  }
}

/** Queues as functions' roles may use them. Everything is asked anew each time: queues, roles and policies come and go. */
export interface Sources {
  find(arn: string): Queue | undefined
  /** The first thing that the role must be allowed and is not. */
  missing(arn: string, configuration: Acting): QueueAction | undefined
  /** May the role do all of these? IAM's answer is reported to watchers when it turns to no, not at each poll. */
  may(arn: string, configuration: Acting, ...actions: readonly QueueAction[]): boolean
}

export function openSources({
  queues,
  actAs,
  decide,
  authorize,
}: { readonly queues: () => Queues; readonly actAs: ActAs } & Ask): Sources {
  const mayDo = asksIam({ decide, authorize })

  return {
    find: arn => queues().find(arn),
    missing(arn, configuration) {
      const principal = actAs(configuration)
      return ACTIONS.find(action => !principal || !decide(principal, accessTo(arn, action)).allowed)
    },
    may(arn, configuration, ...actions) {
      const principal = actAs(configuration)
      return principal !== undefined && actions.every(action => mayDo(principal, accessTo(arn, action)))
    },
  }

  function accessTo(arn: string, action: QueueAction): Access {
    const policy = queues().find(arn)?.policy
    return { action: `sqs:${action}`, resource: arn, ...(policy ? { resourcePolicy: policy } : {}) }
  }
}
