import type { Account } from '../account.ts'
import { type Message, textFor } from './message.ts'
import { canonicalText, type Signer } from './signature.ts'
import type { Subscription, Topic } from './topic.ts'

/** What SNS writes around a message. */
export interface Envelopes {
  /** The JSON that queues and HTTP endpoints get. */
  notification(message: Message, subscription: Subscription): Promise<string>
  /** The event that functions get, which spells two of the keys in another way. */
  event(message: Message, subscription: Subscription): Promise<string>
  /** The JSON that asks an HTTP endpoint to confirm, or tells it that its subscription has ended. */
  confirmation(
    type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
    subscription: Subscription,
    asked: { readonly messageId: string; readonly at: number; readonly token: string },
  ): Promise<string>
}

export function startEnvelopes({ region, urlSuffix }: Account, signer: Signer): Envelopes {
  const address = `https://sns.${region}.${urlSuffix}/`
  return {
    async notification(message, subscription) {
      const text = textFor(message, subscription.protocol)
      const { topic } = subscription
      return written({
        Type: 'Notification',
        MessageId: message.messageId,
        SequenceNumber: message.sequenceNumber,
        TopicArn: topic.arn,
        Subject: message.subject,
        Message: text,
        Timestamp: iso(message.at),
        ...(topic.isFifo ? {} : await signed(message, text, topic)),
        UnsubscribeURL: unsubscribeUrl(subscription),
        ...(message.attributes.size > 0 ? { MessageAttributes: attributesOf(message) } : {}),
      })
    },
    async event(message, subscription) {
      const text = textFor(message, 'lambda')
      const { topic } = subscription
      const { Signature, SigningCertURL } = await signed(message, text, topic)
      const notification = {
        Type: 'Notification',
        MessageId: message.messageId,
        TopicArn: topic.arn,
        Subject: message.subject ?? null,
        Message: text,
        Timestamp: iso(message.at),
        // Functions are always told 1, even where the signature is one of version 2.
        SignatureVersion: '1',
        Signature,
        SigningCertUrl: SigningCertURL,
        UnsubscribeUrl: unsubscribeUrl(subscription),
        MessageAttributes: attributesOf(message),
      }
      return JSON.stringify({
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: subscription.arn,
            Sns: notification,
          },
        ],
      })
    },
    async confirmation(Type, { topic, arn }, { messageId, at, token }) {
      const fields = {
        Type,
        MessageId: messageId,
        Token: token,
        TopicArn: topic.arn,
        Message:
          Type === 'SubscriptionConfirmation'
            ? `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
            : `You have chosen to deactivate subscription ${arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`,
        SubscribeURL: `${address}?Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=${token}`,
        Timestamp: iso(at),
      }
      return written({ ...fields, ...(await signedFields(fields, topic)) })
    },
  }

  /** FIFO topics do not sign. */
  function signed(message: Message, text: string, topic: Topic) {
    return signedFields(
      {
        Type: 'Notification',
        MessageId: message.messageId,
        TopicArn: topic.arn,
        Subject: message.subject,
        Message: text,
        Timestamp: iso(message.at),
      },
      topic,
    )
  }

  async function signedFields(fields: Readonly<Record<string, string | undefined>>, topic: Topic) {
    const SignatureVersion = topic.attributes.get('SignatureVersion') === '2' ? '2' : '1'
    const { signature, certificateUrl } = await signer.sign(canonicalText(fields), SignatureVersion)
    return { SignatureVersion, Signature: signature, SigningCertURL: certificateUrl }
  }

  function unsubscribeUrl({ arn }: Subscription): string {
    return `${address}?Action=Unsubscribe&SubscriptionArn=${arn}`
  }
}

/** JSON with a line for each member and blanks around its colon, as SNS writes it. */
function written(fields: Readonly<Record<string, unknown>>, indent = '  '): string {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const isNested = name === 'MessageAttributes' && typeof value === 'object' && value !== null
      const text = isNested ? written({ ...value }, `${indent}  `) : JSON.stringify(value)
      return `${indent}${JSON.stringify(name)} : ${text}`
    })
  return `{\n${lines.join(',\n')}\n${indent.slice(2)}}`
}

const attributesOf = ({ attributes }: Message) =>
  Object.fromEntries([...attributes].map(([name, { type, value }]) => [name, { Type: type, Value: value }]))

const iso = (at: number) => new Date(at).toISOString()
