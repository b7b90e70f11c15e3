import type { Properties } from '../../cloudformation/resource.ts'
import { lacking } from '../../lack.ts'
import { between, constraint } from '../constraints.ts'
import { invalidValue } from '../functions.ts'
import { type Filter, readFilters } from './filter.ts'

/** What a mapping is told to do. */
export interface MappingSettings {
  /** As it was asked for: a name or ARN, with a version or alias or not. */
  readonly functionName: string
  /** The queue's. */
  readonly sourceArn: string
  readonly enabled: boolean
  readonly batchSize: number
  /** Seconds for which a batch is gathered. */
  readonly window: number
  /** Batches at a time, if limited. */
  readonly maximumConcurrency: number | undefined
  /** The function says which messages failed. */
  readonly reportsFailures: boolean
  readonly filter: Filter
}

/** What is understood of a request; a template's properties have the same names. */
const KNOWN = new Set([
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'FilterCriteria',
  'ScalingConfig',
  // A key for patterns that are not encrypted, metrics nobody collects, tags nobody asks for.
  'KMSKeyArn',
  'KmsKeyArn',
  'MetricsConfig',
  'Tags',
])

/** Members that AWS takes for queues, and that have no meaning here. */
const NOT_HERE = new Set(['ProvisionedPollerConfig', 'LoggingConfig'])

/**
 * Reads a mapping as CreateEventSourceMapping or a template gives it. What belongs to other kinds of sources is
 * refused in the words AWS has for DestinationConfig; for the others they are assumed.
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
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || KNOWN.has(name)) continue
    if (NOT_HERE.has(name)) throw lacking(invalidValue(`${name} is not supported here.`))
    throw invalidValue(`Unsupported ${name} parameter for given event source mapping type.`)
  }
  const { BatchSize = 10, MaximumBatchingWindowInSeconds = 0, ScalingConfig, FilterCriteria } = given
  const concurrency = ScalingConfig?.MaximumConcurrency
  return {
    functionName: String(given.FunctionName),
    sourceArn: given.EventSourceArn,
    // Templates may write booleans as text.
    enabled: String(given.Enabled ?? true) === 'true',
    batchSize: between(1, BatchSize, 10_000, 'batchSize'),
    window: between(0, MaximumBatchingWindowInSeconds, 300, 'maximumBatchingWindowInSeconds'),
    maximumConcurrency:
      concurrency === undefined
        ? undefined
        : between(2, concurrency, 1000, 'scalingConfig.maximumConcurrency'),
    reportsFailures: readResponseTypes(given.FunctionResponseTypes ?? []),
    filter: readFilters((FilterCriteria?.Filters ?? []).map(({ Pattern }: Properties) => Pattern)),
  }
}

/** Why a source is not polled here, or nothing when it is: a queue. */
export function unservedSource(arn: string): string | undefined {
  const service = arn.split(':')[2]
  return service === 'sqs'
    ? undefined
    : `Event source mappings of ${service} are not supported here: only SQS queues are polled.`
}

/** Whether it looks like an ARN: without one there is no event source on AWS either. */
export const isArn = (text: unknown): boolean => /^arn:[^:]*:[^:]+/.test(String(text))

function readResponseTypes(types: readonly string[]): boolean {
  if (types.some(type => type !== 'ReportBatchItemFailures')) {
    throw constraint(
      `[${types.join(', ')}]`,
      'functionResponseTypes',
      'Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures], Member must not be null]',
    )
  }
  return types.length > 0
}
