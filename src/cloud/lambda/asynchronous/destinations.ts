import type { Account } from '../../account.ts'
import { AwsError } from '../../error.ts'
import type { Decision } from '../../iam/policy.ts'
import type { Principal, RoleSession } from '../../iam/principal.ts'
import type { Access, CallAs } from '../../service.ts'
import type { NewMessage, Queues } from '../../sqs/queues.ts'
import type { ActAs, Acting } from '../execution-role.ts'
import { findFunction, type LambdaFunction } from '../functions.ts'
import type { QueueEvent } from '../invoke.ts'
import { publishWire } from './publish-wire.ts'

/** Where records of invocations and dead letters go, as the function's role may send them there. */
export interface Destinations {
  /** Why nothing is sent to this ARN here, or nothing when something is. */
  unserved(arn: string): string | undefined
  exists(arn: string): boolean
  /** What the role must be allowed and is not: `SendMessage`, `Publish`, `InvokeFunction`. */
  missing(arn: string, configuration: Acting): string | undefined
  /** Sends if the role may. If it may not, or there is nothing any more, the message is lost, as on AWS. */
  send(arn: string, configuration: Acting, message: NewMessage): void
}

const ACTIONS = { sqs: 'SendMessage', sns: 'Publish', lambda: 'InvokeFunction' } as const

export function openDestinations({
  account,
  functions,
  queues,
  callAs,
  queueEvent,
  actAs,
  decide,
  authorize,
}: {
  readonly account: Account
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly queues: () => Queues
  /** How SNS is reached; without it no topic is a destination. */
  readonly callAs: CallAs | undefined
  readonly queueEvent: QueueEvent
  readonly actAs: ActAs
  readonly decide: (principal: Principal, access: Access) => Decision
  readonly authorize: (principal: Principal, access: Access) => Decision
}): Destinations {
  return {
    unserved(arn) {
      const service = serviceIn(arn)
      if (service === 'sns' && !callAs) return 'SNS topics are not reached here'
      return Object.hasOwn(ACTIONS, service)
        ? undefined
        : `${service || arn} is no destination here: sqs, sns and lambda are`
    },
    exists(arn) {
      if (serviceIn(arn) === 'sqs') return queues().find(arn) !== undefined
      if (serviceIn(arn) === 'lambda') return functionAt(arn) !== undefined
      // Of a topic only SNS knows, and says so when something is sent.
      return true
    },
    missing(arn, configuration) {
      const principal = actAs(configuration)
      const service = serviceIn(arn) as keyof typeof ACTIONS
      return principal && decide(principal, accessTo(arn)).allowed ? undefined : ACTIONS[service]
    },
    send(arn, configuration, message) {
      const principal = actAs(configuration)
      if (!principal) return
      if (serviceIn(arn) === 'sqs') toQueue(arn, principal, message)
      if (serviceIn(arn) === 'lambda') toFunction(arn, principal, message)
      // SNS asks IAM itself.
      if (serviceIn(arn) === 'sns') void callAs?.(principal, 'sns', publishWire(arn, message, account))
    },
  }

  function toQueue(arn: string, principal: RoleSession, message: NewMessage) {
    if (!authorize(principal, accessTo(arn)).allowed) return
    try {
      queues().find(arn)?.send(message, principal.userId)
    } catch (error) {
      // A FIFO queue wants a group, and a queue has its largest message: AWS counts a failed delivery and goes on.
      if (!(error instanceof AwsError)) throw error
    }
  }

  function toFunction(functionName: string, caller: RoleSession, { body }: NewMessage) {
    try {
      queueEvent({ functionName, payload: body, caller })
    } catch (error) {
      // It has gone, or the role may not: only those who watch IAM are told.
      if (!(error instanceof AwsError)) throw error
    }
  }

  function accessTo(arn: string): Access {
    const service = serviceIn(arn) as keyof typeof ACTIONS
    // A topic's own policy is not to be seen from here: a role that only that lets in counts as not let in.
    const policies = { sqs: () => queues().find(arn), sns: () => undefined, lambda: () => functionAt(arn) }
    const policy = policies[service]()?.policy
    return {
      action: `${service}:${ACTIONS[service]}`,
      resource: arn,
      ...(policy ? { resourcePolicy: policy } : {}),
    }
  }

  function functionAt(arn: string) {
    try {
      return findFunction(functions, account, arn)
    } catch (error) {
      // Nothing of that name.
      if (!(error instanceof AwsError)) throw error
      return undefined
    }
  }
}

const serviceIn = (arn: string): string => arn.split(':')[2] ?? ''
