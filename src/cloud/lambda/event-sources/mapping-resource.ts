import type { ResourceType } from '../../cloudformation/resource.ts'
import { AwsError } from '../../error.ts'
import { mappingRights } from '../rights.ts'
import type { Mapping, Mappings } from './mappings.ts'
import { isArn, unservedSource } from './settings.ts'
import { refusedWindow } from './streams/settings.ts'

/** AWS::Lambda::EventSourceMapping, for queues and streams of tables. What other kinds of sources have besides is not listed, and so refused by name. */
export const mappingResource = (mappings: Mappings): ResourceType => ({
  type: 'AWS::Lambda::EventSourceMapping',
  rights: mappingRights,
  properties: {
    EventSourceArn: 'replace',
    FunctionName: 'update',
    Enabled: 'update',
    BatchSize: 'update',
    MaximumBatchingWindowInSeconds: 'update',
    FunctionResponseTypes: 'update',
    FilterCriteria: 'update',
    ScalingConfig: 'update',
    StartingPosition: 'replace',
    StartingPositionTimestamp: 'replace',
    BisectBatchOnFunctionError: 'update',
    MaximumRetryAttempts: 'update',
    MaximumRecordAgeInSeconds: 'update',
    ParallelizationFactor: 'update',
    DestinationConfig: 'update',
    TumblingWindowInSeconds: 'update',
    // Tags nobody asks for, a key for patterns that are not encrypted, metrics nobody collects.
    Tags: 'harmless',
    KmsKeyArn: 'harmless',
    MetricsConfig: 'harmless',
  },
  attributes: ['Id', 'EventSourceMappingArn'],
  invalid: ({ EventSourceArn }) =>
    typeof EventSourceArn === 'string' && !isArn(EventSourceArn)
      ? [`EventSourceArn: Unrecognized event source.`]
      : [],
  refuse(properties) {
    const { EventSourceArn } = properties
    const reason = isArn(EventSourceArn) ? unservedSource(String(EventSourceArn)) : undefined
    return [...(reason === undefined ? [] : [`EventSourceArn: ${reason}`]), ...refusedWindow(properties)]
  },
  create: ({ properties }) => physical(mappings.create(properties)),
  update: ({ properties }, { physicalId }) => physical(mappings.change(physicalId, properties)),
  delete({ physicalId }) {
    try {
      mappings.delete(physicalId)
    } catch (error) {
      // Somebody has deleted it already. Nobody is at fault.
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error
    }
  },
})

const physical = ({ uuid, arn }: Mapping) => ({
  physicalId: uuid,
  attributes: { Id: uuid, EventSourceMappingArn: arn },
})
