import { AwsError } from '../error.ts'
import type { Call } from '../service.ts'
import { headerOf } from './access.ts'
import type { Version } from './bucket.ts'
import { noSuchKey } from './errors.ts'

/** Whether a reader already has it (304). Throws `PreconditionFailed`. */
export function isUnchanged(call: Call, { etag, modified }: Version): boolean {
  const match = headerOf(call, 'if-match')
  const noneMatch = headerOf(call, 'if-none-match')
  const since = headerOf(call, 'if-modified-since')
  const unmodified = headerOf(call, 'if-unmodified-since')
  if (match !== undefined && !names(match, etag)) throw failed('If-Match')
  if (
    match === undefined &&
    unmodified !== undefined &&
    seconds(modified) > seconds(Date.parse(unmodified))
  ) {
    throw failed('If-Unmodified-Since')
  }
  if (noneMatch !== undefined) return names(noneMatch, etag)
  return since !== undefined && seconds(modified) <= seconds(Date.parse(since))
}

/** Whether an object may be put over what is there. Throws `PreconditionFailed` and `NoSuchKey`. */
export function checkWrite(call: Call, key: string, current: Version | undefined): void {
  const match = headerOf(call, 'if-match')
  if (headerOf(call, 'if-none-match') === '*' && current) throw failed('If-None-Match')
  if (match === undefined) return
  if (!current) throw noSuchKey(key)
  if (!names(match, current.etag)) throw failed('If-Match')
}

const names = (header: string, etag: string) =>
  header.split(',').some(one => one.trim() === '*' || one.trim().replace(/^"|"$/g, '') === etag)

/** HTTP dates have no milliseconds. */
const seconds = (at: number) => Math.floor(at / 1000)

const failed = (condition: string) =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  })
