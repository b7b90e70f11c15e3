import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'

const sns = new SNSClient()
const sqs = new SQSClient()

/** A message is `{ action, text, tone }`; or `{ action, ordered: [{ text, group }] }`; or `{ action, lines: [text] }`, past the topic. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { text, tone, ordered, lines } = JSON.parse(event.body ?? '{}')
  if (ordered) await publishInOrder(ordered)
  else if (lines) await send(lines)
  else {
    const attributes = tone ? { tone: { DataType: 'String', StringValue: tone } } : {}
    await sns.send(
      new PublishCommand({ TopicArn: process.env.TOPIC, Message: text, MessageAttributes: attributes }),
    )
  }
  return { statusCode: 200 }
}

const publishInOrder = (ordered: readonly { readonly text: string; readonly group: string }[]) =>
  sns.send(
    new PublishBatchCommand({
      TopicArn: process.env.ORDERED,
      PublishBatchRequestEntries: ordered.map(({ text, group }, index) => ({
        Id: String(index),
        Message: text,
        MessageGroupId: group,
      })),
    }),
  )

const send = (lines: readonly string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: process.env.LINES,
      Entries: lines.map((line, index) => ({ Id: String(index), MessageBody: line })),
    }),
  )
