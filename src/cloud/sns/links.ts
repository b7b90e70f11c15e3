import type { Account } from '../account.ts'
import { encode, encodeError } from '../door/protocols/query.ts'
import { AwsError } from '../error.ts'
import type { WireAnswer, WireRequest } from '../service.ts'
import { checkSubscriptionArn } from './arns.ts'
import { checkTopicOfToken } from './operations.ts'
import type { Signer } from './signature.ts'
import type { Subscriptions } from './subscriptions.ts'

const dialect = { signingName: 'sns', version: '2010-03-31' }

/**
 * The links in what SNS sends, which anybody may follow without a signature: to confirm a subscription, to end one,
 * and to the certificate. Answers undefined for everything else.
 */
export function answerLink(
  wire: WireRequest,
  { account, subscriptions, signer }: { account: Account; subscriptions: Subscriptions; signer: Signer },
  requestId: string,
): WireAnswer | undefined {
  const { region, urlSuffix } = account
  const [path = '', query] = wire.target.split('?')
  if (wire.method !== 'GET' || wire.host !== `sns.${region}.${urlSuffix}`) return undefined
  const certificate = signer.certificateAt(path)
  if (certificate) {
    return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: certificate }
  }
  const asked = new URLSearchParams(query)
  if (wire.headers.authorization !== undefined || asked.has('X-Amz-Signature')) return undefined
  try {
    if (asked.get('Action') === 'ConfirmSubscription') return confirm()
    return asked.get('Action') === 'Unsubscribe' ? unsubscribe() : undefined
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return encodeError(error, dialect, requestId)
  }

  function confirm(): WireAnswer | undefined {
    // Only the owner can ask that only the owner may end it.
    if (asked.get('AuthenticateOnUnsubscribe') === 'true') return undefined
    checkTopicOfToken(asked.get('TopicArn'), account)
    const how = { isSigned: false, onlyOwnerMayEnd: false }
    const { arn } = subscriptions.confirm(asked.get('Token') ?? '', how)
    return encode({ SubscriptionArn: arn }, 'ConfirmSubscription', dialect, requestId)
  }

  function unsubscribe(): WireAnswer | undefined {
    const arn = checkSubscriptionArn(asked.get('SubscriptionArn') ?? undefined)
    const there = subscriptions.all().find(one => one.arn === arn)
    if (there?.authenticateOnUnsubscribe) return undefined
    subscriptions.unsubscribe(arn, { tell: true })
    return encode(undefined, 'Unsubscribe', dialect, requestId)
  }
}
