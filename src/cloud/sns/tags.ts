import { AwsError } from '../error.ts'
import { invalidParameter } from './errors.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** SNS's quota on one topic. */
const MAX_TAGS = 50

/** Throws `InvalidParameter` for a key given twice. */
export function checkTags(tags: readonly Tag[]): void {
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw invalidParameter('Duplicated keys are not allowed.')
  }
}

/** Adds tags to those that are there. Throws `InvalidParameter`, `TagLimitExceeded`. */
export function addTags(there: Map<string, string>, added: readonly Tag[]): void {
  checkTags(added)
  const all = new Map([...there, ...added.map(({ Key, Value }) => [Key, Value] as const)])
  if (all.size > MAX_TAGS) {
    throw new AwsError('TagLimitExceeded', `Could not complete request: tag quota of ${MAX_TAGS} exceeded`)
  }
  for (const [key, value] of all) there.set(key, value)
}
