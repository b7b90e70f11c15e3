import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Question } from './history.ts'
import type { Message } from './message.ts'

const lambda = new LambdaClient()

/**
 * The last so many messages of a room, wherever they are remembered.
 *
 * @throws Error when the history cannot tell.
 */
export async function lastSaid(room: string, count: number): Promise<Message[]> {
  const question: Question = { room, count }
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: process.env.HISTORY, Payload: JSON.stringify(question) }),
  )
  const answer = Payload?.transformToString() ?? ''
  if (FunctionError) throw new Error(`The history failed: ${answer}`)
  return JSON.parse(answer)
}
