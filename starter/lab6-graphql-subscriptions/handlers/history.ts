import type { SQSEvent } from 'aws-lambda'
import { type Message, readMessage } from './message.ts'

/** Where what was said is remembered, for a day. */
export interface History {
  /** Remembers a message. To add it again changes nothing. */
  add(message: Message): Promise<void>
  /** The last so many messages of a room, the latest at the end. */
  last(room: string, count: number): Promise<Message[]>
}

/** What may be asked of the function. */
export interface Question {
  readonly room: string
  readonly count: number
}

/** The function around a history: a queue brings it what was said, and others ask it what that was. */
export const around =
  (history: History) =>
  async (event: SQSEvent | Question): Promise<Message[] | undefined> => {
    if (!('Records' in event)) return history.last(event.room, event.count)
    for (const { body } of event.Records) await history.add(readMessage(body))
    return undefined
  }
