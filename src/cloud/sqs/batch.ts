import { AwsError } from '../error.ts'
import type { Input } from './access.ts'
import { invalidParameter, missingParameter, refusal } from './errors.ts'
import { bytesOf } from './message-checks.ts'
import type { StoredQueue } from './queue.ts'
import { noDeduplicationId } from './sending.ts'
import { MAX_MESSAGE_BYTES } from './settings.ts'

/** SQS's quota on the entries of a batch. */
const MAX_ENTRIES = 10

/**
 * Does each entry of a batch for itself, and says which of them went well. What is wrong with the batch as such is refused
 * as a whole: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct, BatchRequestTooLong.
 */
export function batchOf(
  entryName: `${string}RequestEntry`,
  { Entries: entries = [] }: Input,
  queue: StoredQueue,
  one: (entry: Input) => unknown,
) {
  checkEntries(entries, entryName)
  if (entryName === 'SendMessageBatchRequestEntry') checkSending(entries, queue)

  const Successful: object[] = []
  const Failed: object[] = []
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...(one(entry) as object | undefined) })
    } catch (error) {
      // The others are not to blame for it.
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: inBatch(error.message) })
    }
  }
  return { ...(Successful.length > 0 ? { Successful } : {}), ...(Failed.length > 0 ? { Failed } : {}) }
}

function checkEntries(entries: readonly Input[], entryName: string): void {
  if (entries.length === 0) {
    throw ofBatch('EmptyBatchRequest', `There should be at least one ${entryName} in the request.`)
  }
  if (entries.length > MAX_ENTRIES) {
    throw ofBatch(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    )
  }
  const seen = new Set<string>()
  for (const [index, { Id }] of entries.entries()) {
    if (Id === undefined) throw missingParameter(`${entryName}.${index + 1}.Id`)
    if (!/^[\w-]{1,80}$/.test(Id)) {
      throw ofBatch(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      )
    }
    if (seen.has(Id)) throw ofBatch('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`)
    seen.add(Id)
  }
}

/** What is asked of all messages before the first is sent. */
function checkSending(entries: readonly Input[], { isFifo, settings }: StoredQueue): void {
  const bytes = entries.reduce(
    (sum, { MessageBody, MessageAttributes }) => sum + bytesOf(MessageBody, MessageAttributes),
    0,
  )
  if (bytes > MAX_MESSAGE_BYTES) {
    throw ofBatch(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    )
  }
  for (const [index, entry] of entries.entries()) {
    if (!entry.MessageBody) throw missingParameter(`SendMessageBatchRequestEntry.${index + 1}.MessageBody`)
    if (!isFifo) continue
    if (entry.MessageDeduplicationId === undefined && settings.ContentBasedDeduplication !== 'true') {
      throw noDeduplicationId()
    }
    // Alone it would be a MissingParameter.
    if (entry.MessageGroupId === undefined) {
      throw invalidParameter('The request must contain the parameter MessageGroupId.')
    }
  }
}

/** The one sentence that AWS puts differently in a batch. */
const inBatch = (message: string) =>
  message.replace(/^One or more parameters are invalid\. /, 'One or more parameters cannot be validated. ')

const ofBatch = (shape: string, message: string) => refusal(shape, message, `AWS.SimpleQueueService.${shape}`)
