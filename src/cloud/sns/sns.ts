import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import type { Certificate } from '../door/certificate.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import { denialText } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { ServicePrincipal } from '../iam/principal.ts'
import type { QueueEvent } from '../lambda/invoke.ts'
import type { Access, Service, WireAnswer, WireRequest } from '../service.ts'
import type { Queues } from '../sqs/queues.ts'
import type { Work } from '../work.ts'
import { startDeliveries } from './deliveries.ts'
import { startEnvelopes } from './envelope.ts'
import { answerLink } from './links.ts'
import { operations } from './operations.ts'
import { publishFor } from './publish-for.ts'
import { startPublishing } from './publishing.ts'
import { resourceTypes } from './resources.ts'
import { startSigner } from './signature.ts'
import { startSubscriptions } from './subscriptions.ts'
import { startTopics } from './topics.ts'

/** Amazon SNS. */
export interface Sns {
  readonly service: Service
  readonly resources: readonly ResourceType[]
  /**
   * Answers the links that SNS's own messages contain, which are followed without a signature: SubscribeURL,
   * UnsubscribeURL, SigningCertURL. Undefined for any other request.
   */
  withoutSignature(wire: WireRequest): WireAnswer | undefined
  /** Publishes as another AWS service, on the account's behalf. Throws `AwsError`. */
  readonly publishFor: ReturnType<typeof publishFor>
  /** Ends deliveries under way, and those still to be tried again. */
  stop(): Promise<void>
}

/** What SNS needs of the house. */
export interface SnsOptions {
  readonly account: Account
  readonly clock: Clock
  readonly events: Pick<Events, 'emit' | 'causing'>
  readonly queues: Queues
  readonly queueEvent: QueueEvent
  /** Asks IAM, and reports the answer to watchers: the only trace of a message that a queue does not let in. */
  authorize(principal: ServicePrincipal, access: Access): Decision
  /** RSA key and certificate to sign with; made when the first message is signed unless given. */
  readonly certificate?: Certificate
  /** Counts deliveries under way, those still to be tried again included. */
  readonly work?: Work
  /** Told of errors in deliveries that are our own fault. */
  readonly onFault?: (error: unknown) => void
}

/** Starts SNS without a topic. */
export function startSns({ certificate, work, onFault = () => {}, ...outside }: SnsOptions): Sns {
  const { account, clock } = outside
  const signer = startSigner(account, certificate)
  const deliveries = startDeliveries(
    { ...outside, envelopes: startEnvelopes(account, signer) },
    onFault,
    work,
  )
  const topics = startTopics(account)
  const subscriptions = startSubscriptions(topics, deliveries, clock.now)
  const publishing = startPublishing(deliveries, outside.events, clock.now)

  return {
    resources: resourceTypes(topics, subscriptions, account),
    withoutSignature: wire => answerLink(wire, { account, subscriptions, signer }, randomUUID()),
    publishFor: publishFor(topics, publishing, account, outside.authorize),
    stop: deliveries.stop,
    service: {
      signingName: 'sns',
      protocol: 'query',
      version: '2010-03-31',
      operations: operations({ account, topics, subscriptions, publishing }),
      denied: (access, decision, call) =>
        new AwsError('AuthorizationError', denialText(call.principal, access, decision), 403),
    },
  }
}
