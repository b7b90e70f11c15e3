import type { Properties } from '../../cloudformation/properties.ts'
import { lacking } from '../../lack.ts'
import { between, constraint } from '../constraints.ts'
import { invalidValue } from '../functions.ts'

/** What every mapping is told, whatever its source is. */
export interface CommonSettings {
  /** As it was asked for: a name or ARN, with a version or alias or not. */
  readonly functionName: string
  /** The queue's or the stream's. */
  readonly sourceArn: string
  readonly enabled: boolean
  readonly batchSize: number
  /** Seconds for which a batch is gathered. */
  readonly window: number
  /** The function says which messages or records failed. */
  readonly reportsFailures: boolean
}

/** What every kind of source has. */
const COMMON = [
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FunctionResponseTypes',
  'FilterCriteria',
  // A key for patterns that are not encrypted, metrics nobody collects, tags nobody asks for.
  'KMSKeyArn',
  'KmsKeyArn',
  'MetricsConfig',
  'Tags',
]

/** Members that AWS takes, and that have no meaning here. */
const NOT_HERE = new Set(['ProvisionedPollerConfig', 'LoggingConfig'])

/**
 * Reads what all mappings have. A member that is neither common nor one of `own` belongs to other kinds of sources: it is refused in the
 * words AWS has for DestinationConfig; for the others they are assumed.
 */
export function readCommon(given: Properties, own: readonly string[], usualBatch: number): CommonSettings {
  const known = new Set([...COMMON, ...own])
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || known.has(name)) continue
    if (NOT_HERE.has(name)) throw lacking(invalidValue(`${name} is not supported here.`))
    throw invalidValue(`Unsupported ${name} parameter for given event source mapping type.`)
  }
  const { BatchSize = usualBatch, MaximumBatchingWindowInSeconds = 0 } = given
  return {
    functionName: String(given.FunctionName),
    sourceArn: given.EventSourceArn,
    enabled: isOn(given.Enabled ?? true),
    batchSize: between(1, BatchSize, 10_000, 'batchSize'),
    window: between(0, MaximumBatchingWindowInSeconds, 300, 'maximumBatchingWindowInSeconds'),
    reportsFailures: readResponseTypes(given.FunctionResponseTypes ?? []),
  }
}

/** The patterns of FilterCriteria. */
export const patternsOf = ({ FilterCriteria }: Properties): readonly unknown[] =>
  (FilterCriteria?.Filters ?? []).map(({ Pattern }: Properties) => Pattern)

/** Templates may write booleans as text. */
export const isOn = (value: unknown): boolean => String(value) === 'true'

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
