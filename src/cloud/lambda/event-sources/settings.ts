import type { Properties } from '../../cloudformation/properties.ts'
import { lacking } from '../../lack.ts'
import { between, constraint } from '../constraints.ts'
import { invalidValue } from '../functions.ts'
import { type CommonSettings, patternsOf, readCommon } from './common-settings.ts'
import { type Filter, readFilters } from './filter.ts'
import { readStreamSettings, type StreamSettings } from './streams/settings.ts'

/** What a mapping is told to do. */
export type MappingSettings = QueueSettings | StreamSettings

/** The same, of a mapping on a queue. */
export interface QueueSettings extends CommonSettings {
  readonly kind: 'queue'
  /** Batches at a time, if limited. */
  readonly maximumConcurrency: number | undefined
  readonly filter: Filter
}

/**
 * Reads a mapping as CreateEventSourceMapping or a template gives it. A template's properties have the same names.
 *
 * Throws InvalidParameterValueException, ValidationException.
 */
export function readSettings(given: Properties): MappingSettings {
  if (given.FunctionName === undefined) throw constraint(undefined, 'functionName', 'Member must not be null')
  if (given.EventSourceArn === undefined || !isArn(given.EventSourceArn)) {
    throw invalidValue('Unrecognized event source.')
  }
  const unserved = unservedSource(given.EventSourceArn)
  if (unserved !== undefined) throw lacking(invalidValue(unserved))
  return serviceIn(given.EventSourceArn) === 'dynamodb' ? readStreamSettings(given) : readQueueSettings(given)
}

function readQueueSettings(given: Properties): QueueSettings {
  const common = readCommon(given, ['ScalingConfig'], 10)
  const concurrency = given.ScalingConfig?.MaximumConcurrency
  return {
    kind: 'queue',
    ...common,
    maximumConcurrency:
      concurrency === undefined
        ? undefined
        : between(2, concurrency, 1000, 'scalingConfig.maximumConcurrency'),
    filter: readFilters(patternsOf(given)),
  }
}

/** Why a source is not read here, or nothing when it is: a queue, or the stream of a table. */
export function unservedSource(arn: string): string | undefined {
  const service = serviceIn(arn)
  return service === 'sqs' || service === 'dynamodb'
    ? undefined
    : `Event source mappings of ${service} are not supported here: only SQS queues and DynamoDB streams are read.`
}

const serviceIn = (arn: string): string => arn.split(':')[2] ?? ''

/** Whether it looks like an ARN: without one there is no event source on AWS either. */
export const isArn = (text: unknown): boolean => /^arn:[^:]*:[^:]+/.test(String(text))
