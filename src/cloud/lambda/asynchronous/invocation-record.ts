import type { NewMessage } from '../../sqs/queues.ts'
import { type Named, qualifiedArn, readName } from '../functions.ts'
import type { Attempt, Condition, QueuedEvent } from './event-queue.ts'

/** What a destination is told of an invocation, as JSON text. Of a function that was never run there is no answer to tell of. */
export function invocationRecord(
  { fn, arn }: Named,
  event: QueuedEvent,
  condition: Condition,
  last: Attempt,
  now: number,
): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: qualifiedArn(fn.arn, readName(arn).qualifier ?? '$LATEST'),
      condition,
      approximateInvokeCount: event.runs,
    },
    requestPayload: JSON.parse(event.payload),
    ...(last.kind === 'refused'
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: last.version,
            ...(last.kind === 'failed' ? { functionError: 'Unhandled' } : {}),
          },
          responsePayload: last.kind === 'failed' ? last.error : JSON.parse(last.payload),
        }),
  })
}

/** The most of an error's message that a dead letter carries, in characters: a kilobyte. */
const MESSAGE = 1024

/** An event as a dead letter: itself, and why it died in attributes. The error code of a function that failed is 200, Invoke's own status. */
export const deadLetter = ({ requestId, payload }: QueuedEvent, last: Attempt): NewMessage => ({
  body: payload,
  attributes: {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: String(last.kind === 'refused' ? last.error.status : 200) },
    ErrorMessage: { DataType: 'String', StringValue: errorMessage(last).slice(0, MESSAGE) || ' ' },
  },
})

function errorMessage(last: Attempt): string {
  if (last.kind === 'refused') return last.error.message
  return last.kind === 'failed' ? last.error.errorMessage : ''
}
