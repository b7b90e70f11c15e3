import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { eachRecord } from './each-record.ts'
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
  (event: SQSEvent | Question): Promise<SQSBatchResponse | Message[]> =>
    'Records' in event
      ? eachRecord(event, ({ body }) => history.add(readMessage(body)))
      : history.last(event.room, event.count)
