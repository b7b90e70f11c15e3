import { AwsError } from '../error.ts'
import type { Decision } from '../iam/policy.ts'
import type { Principal, RoleSession } from '../iam/principal.ts'
import type { Access } from '../service.ts'
import { noBus } from './errors.ts'
import type { Bus, BusEvent, Target } from './rule.ts'

/** How roles of targets are taken on, and asked about. */
export interface Means {
  /** Throws `AwsError` when the role does not trust EventBridge, or is not there. */
  readonly assumeRole: (roleArn: string, sessionName: string) => RoleSession
  /** Asks IAM, and reports the answer to watchers. */
  readonly authorize: (principal: Principal, access: Access) => Decision
}

/** Whether a target is a bus. */
export const isBus = (arn: string): boolean => /^arn:[^:]+:events:[^:]*:\d{12}:event-bus\//.test(arn)

/** The bus that a target stands for, if the target's role may put the event onto it. Throws `AwsError`. */
export function busFor(
  { Arn, RoleArn = '' }: Target,
  event: BusEvent,
  find: (arn: string) => Bus | undefined,
  { assumeRole, authorize }: Means,
): Bus {
  const principal = assumeRole(RoleArn, 'events-rule')
  const bus = find(Arn)
  if (!bus) throw noBus(Arn)
  const decision = authorize(principal, {
    action: 'events:PutEvents',
    resource: bus.arn,
    context: {
      'events:source': event.source,
      'events:detail-type': event['detail-type'],
      'events:eventBusInvocation': 'true',
    },
    ...(bus.policy ? { resourcePolicy: bus.policy } : {}),
  })
  if (!decision.allowed)
    throw new AwsError('AccessDeniedException', `${RoleArn} may not put events onto ${Arn}`, 403)
  return bus
}
