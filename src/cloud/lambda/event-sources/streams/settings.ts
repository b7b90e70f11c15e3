import type { Properties } from '../../../cloudformation/properties.ts'
import { lacking } from '../../../lack.ts'
import { between, constraint } from '../../constraints.ts'
import { invalidValue } from '../../functions.ts'
import { type CommonSettings, isOn, patternsOf, readCommon } from '../common-settings.ts'
import { readStreamFilters, type StreamFilter } from './filter.ts'

/** What a mapping on a stream is told to do. */
export interface StreamSettings extends CommonSettings {
  readonly kind: 'stream'
  readonly startsAt: 'TRIM_HORIZON' | 'LATEST'
  /** Whether a batch that failed is split in two. */
  readonly bisects: boolean
  /** How often a batch that failed is tried again; Infinity: as long as its records are kept. */
  readonly retries: number
  /** The age in seconds at which a record is given up; Infinity: when the stream no longer keeps it. */
  readonly maximumAge: number
  /** Batches at a time. */
  readonly parallelization: number
  /** The ARN of a queue or topic that is told of records that were given up. */
  readonly onFailure: string | undefined
  readonly filter: StreamFilter
}

/** Members that mappings on streams have and those on queues do not. A template's properties have the same names. */
const OWN = [
  'StartingPosition',
  'StartingPositionTimestamp',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'ParallelizationFactor',
  'DestinationConfig',
  'TumblingWindowInSeconds',
]

/** Why a mapping on a stream is not run here as it is asked for. */
export const refusedWindow = ({ TumblingWindowInSeconds: window = 0 }: Properties): readonly string[] =>
  typeof window === 'object' || Number(window) === 0
    ? []
    : ['TumblingWindowInSeconds: tumbling windows are not supported here']

/** Throws InvalidParameterValueException, ValidationException. */
export function readStreamSettings(given: Properties): StreamSettings {
  for (const reason of refusedWindow(given)) throw lacking(invalidValue(reason))
  const {
    MaximumRetryAttempts = -1,
    MaximumRecordAgeInSeconds = -1,
    ParallelizationFactor = 1,
    BisectBatchOnFunctionError = false,
    DestinationConfig,
  } = given
  const retries = between(-1, MaximumRetryAttempts, 10_000, 'maximumRetryAttempts')
  return {
    kind: 'stream',
    ...readCommon(given, OWN, 100),
    startsAt: readStart(given),
    bisects: isOn(BisectBatchOnFunctionError),
    retries: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    maximumAge: readAge(MaximumRecordAgeInSeconds),
    parallelization: between(1, ParallelizationFactor, 10, 'parallelizationFactor'),
    // An empty destination is none.
    onFailure: DestinationConfig?.OnFailure?.Destination || undefined,
    filter: readStreamFilters(patternsOf(given)),
  }
}

function readStart({ StartingPosition: start }: Properties): StreamSettings['startsAt'] {
  if (start === undefined) {
    const { message } = constraint(undefined, 'startingPosition', 'Member must not be null.')
    throw invalidValue(message)
  }
  if (start === 'TRIM_HORIZON' || start === 'LATEST') return start
  if (start === 'AT_TIMESTAMP') {
    // AWS documents only the other two for DynamoDB; the words are assumed.
    throw invalidValue(
      'Unsupported starting position for stream type. Please specify one of TRIM_HORIZON, LATEST.',
    )
  }
  throw constraint(
    start,
    'startingPosition',
    'Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]',
  )
}

function readAge(given: unknown): number {
  const age = between(-1, given, 604_800, 'maximumRecordAgeInSeconds')
  if (age === -1) return Number.POSITIVE_INFINITY
  // A minute is the least, by the API's documentation; the words are assumed.
  if (age < 60) throw invalidValue('MaximumRecordAgeInSeconds must be -1 or at least 60.')
  return age
}
