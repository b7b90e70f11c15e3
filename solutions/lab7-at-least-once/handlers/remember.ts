import type { SQSHandler } from 'aws-lambda'
import { eachRecord } from './each-record.ts'
import { add } from './history.ts'
import { readMessage } from './message.ts'
import { orAgainSoon } from './or-again-soon.ts'

/** Something was said: remembers it for those who ask later. */
export const handler: SQSHandler = event =>
  eachRecord(event, record => orAgainSoon(record, async () => add(readMessage(record.body))))
