import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { APIGatewayProxyWebsocketHandlerV2 } from 'aws-lambda'
import { post } from './post.ts'

const sqs = new SQSClient()

/** A client orders something: tells it that the order is taken, and under which id, and hands the order on. */
export const handler: APIGatewayProxyWebsocketHandlerV2 = async event => {
  const { connectionId } = event.requestContext
  const { text } = JSON.parse(event.body!)

  await post(connectionId, { taken: text, connectionId })
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env.QUEUE_URL,
      MessageBody: JSON.stringify({ connectionId, text }),
    }),
  )

  return { statusCode: 200 }
}
