import { type ReadPattern, readAnyOf } from '../filter.ts'
import type { StreamEvent } from './event.ts'

/** Says whether a record is for the function. */
export type StreamFilter = (record: StreamEvent) => boolean

/** Reads the patterns of FilterCriteria; a record need match only one. They are matched against the record as the function would see it. */
export const readStreamFilters = (patterns: readonly unknown[]): StreamFilter =>
  readAnyOf(patterns, (matches: ReadPattern) => record => matches(record))
