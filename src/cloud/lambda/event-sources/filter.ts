import { invalidValue } from '../functions.ts'
import { type Matches, readPattern } from './event-pattern.ts'
import type { SqsRecord } from './record.ts'

/** Says whether a message is for the function. */
export type Filter = (record: SqsRecord) => boolean

/** Lambda's quota on filters of one mapping. */
const MAX_FILTERS = 5

/**
 * Reads the patterns of FilterCriteria; a message need match only one. None lets everything through. AWS documents
 * patterns on `body`; that those on the message's other keys work alike is assumed. What Lambda itself adds
 * (`eventSource`, `eventSourceARN`, `awsRegion`) is not there yet when it filters.
 *
 * Throws InvalidParameterValueException.
 */
export function readFilters(patterns: readonly unknown[]): Filter {
  checkNumber(patterns)
  const filters = patterns.map(readFilter)
  return record => {
    if (filters.length === 0) return true
    const json = bodyOf(record)
    return filters.some(matches => matches(record, json))
  }
}

/** A pattern that has been read. */
export type ReadPattern = Matches

/** Reads patterns of which a record need match only one. None lets everything through. Throws InvalidParameterValueException. */
export function readAnyOf<T>(
  patterns: readonly unknown[],
  read: (matches: ReadPattern) => (record: T) => boolean,
): (record: T) => boolean {
  checkNumber(patterns)
  const filters = patterns.map(text => read(patternOf(text)))
  return record => filters.length === 0 || filters.some(matches => matches(record))
}

function checkNumber(patterns: readonly unknown[]): void {
  if (patterns.length <= MAX_FILTERS) return
  // The words are assumed; that it is refused is documented.
  throw invalidValue(`The number of filters exceeds the limit of ${MAX_FILTERS}.`)
}

/** One pattern. One that wants JSON drops plain text, and one that wants plain text drops JSON. */
function readFilter(text: unknown): (record: SqsRecord, json: object | undefined) => boolean {
  const matches = patternOf(text)
  const { body: wanted } = JSON.parse(String(text))
  const wantsJson = wanted === undefined ? undefined : !Array.isArray(wanted)
  return ({ messageId, body, attributes, messageAttributes, md5OfBody }, json) =>
    (wantsJson === undefined || wantsJson === (json !== undefined)) &&
    matches({ messageId, body: json ?? body, attributes, messageAttributes, md5OfBody })
}

function patternOf(text: unknown): Matches {
  try {
    return readPattern(String(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw invalidValue('Invalid filter pattern definition.')
  }
}

/** The body as an object or array, if it is one; a bare number or word counts as plain text (assumed). */
function bodyOf({ body }: SqsRecord): object | undefined {
  if (!/^\s*[{[]/.test(body)) return undefined
  try {
    return JSON.parse(body)
  } catch (error) {
    // It only looked like JSON.
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
