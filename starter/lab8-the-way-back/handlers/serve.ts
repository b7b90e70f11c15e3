import type { SQSHandler } from 'aws-lambda'
import { post } from './post.ts'

/** Some orders are ready: tells each client. The kitchen says no more of a client than its connection. */
export const handler: SQSHandler = async ({ Records }) => {
  await Promise.all(
    Records.map(async ({ body }) => {
      const { connectionId, text } = JSON.parse(body)
      await post(process.env.WEBSOCKET_ENDPOINT!, connectionId, { ready: text })
    }),
  )
}
