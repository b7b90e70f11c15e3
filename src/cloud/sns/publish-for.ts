import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import { denialText } from '../iam/denial.ts'
import type { Decision } from '../iam/policy.ts'
import type { ServicePrincipal } from '../iam/principal.ts'
import type { Access } from '../service.ts'
import { noTopic } from './errors.ts'
import type { Publishing } from './publishing.ts'
import type { Topics } from './topics.ts'

/**
 * Publishes as an AWS service on the account's behalf: CloudWatch for an alarm, S3 for a notification. CloudWatch comes as the owner
 * (`ofOwner`): a topic's default policy lets it, because of `AWS:SourceOwner`. For the others a policy of the topic's own has to.
 * Without a message it is only asked whether it may. Throws NotFound or AuthorizationError.
 */
export const publishFor =
  (
    topics: Topics,
    publishing: Publishing,
    account: Account,
    authorize: (principal: ServicePrincipal, access: Access) => Decision,
  ) =>
  (
    service: string,
    topicArn: string,
    message: { readonly Subject?: string; readonly Message: string } | undefined,
    sourceArn: string,
    ofOwner = true,
  ): void => {
    const topic = topics.all.get(topicArn)
    if (!topic) throw noTopic()
    const principal: ServicePrincipal = { kind: 'service', service }
    const access: Access = {
      action: 'SNS:Publish',
      resource: topicArn,
      resourcePolicy: JSON.parse(topic.policy),
      context: {
        ...(ofOwner ? { 'aws:SourceOwner': account.accountId } : {}),
        'aws:SourceAccount': account.accountId,
        'aws:SourceArn': sourceArn,
      },
    }
    const decision = authorize(principal, access)
    if (!decision.allowed) {
      throw new AwsError('AuthorizationError', denialText(principal, access, decision), 403)
    }
    if (message) publishing.publish(topic, message, new Map(), { traceHeader: undefined })
  }
