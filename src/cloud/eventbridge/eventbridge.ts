import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import type { OnBehalf } from '../on-behalf.ts'
import type { Service } from '../service.ts'
import { eventOf, startDispatch } from './dispatch.ts'
import type { Means } from './forward.ts'
import { operations } from './operations.ts'
import { busPolicyResource, busResource, ruleResource } from './resources.ts'
import type { BusEvent } from './rule.ts'
import { openStore } from './store.ts'

/** Amazon EventBridge, running. */
export interface EventBridge {
  readonly service: Service
  /** `AWS::Events::EventBus`, `AWS::Events::Rule`, `AWS::Events::EventBusPolicy`. */
  readonly resources: readonly ResourceType[]
  /** Puts an event of an AWS service onto the default bus: `aws.s3`. */
  tell(event: Pick<BusEvent, 'source' | 'detail-type' | 'detail' | 'resources'>): void
  /** Calls off what is scheduled. */
  stop(): void
}

/** Starts EventBridge with the default bus. Schedules follow the cloud's clock. */
export function startEventBridge(cloud: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Pick<Events, 'causing'>
  /** How targets are reached. */
  readonly onBehalf: () => OnBehalf
  /** How the roles of targets are taken on, and asked about. */
  readonly roles: Means
}): EventBridge {
  const { account, clock } = cloud
  const dispatch = startDispatch({ ...cloud, find: arn => store.find(arn) })
  const store = openStore({ ...cloud, dispatch })
  return {
    service: {
      signingName: 'events',
      protocol: 'json-1.1',
      targetPrefix: 'AWSEvents',
      operations: operations(store, dispatch),
      denied: (access, decision, { principal }) =>
        new AwsError('AccessDeniedException', denialText(principal, access, decision)),
    },
    resources: [busResource(store), ruleResource(store), busPolicyResource(store)],
    tell: event => dispatch.toRules(store.bus('default'), eventOf(account, clock.now(), event)),
    stop: store.stop,
  }
}
