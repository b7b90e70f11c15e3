import type { SQSHandler } from 'aws-lambda'
import { add } from './history.ts'
import { readMessage } from './message.ts'

/** Something was said: remembers it for those who ask later. */
export const handler: SQSHandler = async ({ Records }) => {
  for (const { body } of Records) await add(readMessage(body))
}
