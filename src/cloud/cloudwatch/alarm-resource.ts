import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Alarm } from './alarm.ts'
import { readAlarm, unserved } from './alarm-settings.ts'
import type { Alarms } from './alarms.ts'
import { alarmRights } from './rights.ts'

const PROPERTIES = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
]

/** AWS::CloudWatch::Alarm, on one metric. */
export function alarmResource(alarms: Alarms): ResourceType {
  return {
    type: 'AWS::CloudWatch::Alarm',
    nameProperty: 'AlarmName',
    rights: alarmRights,
    properties: {
      AlarmName: 'replace',
      ...Object.fromEntries(PROPERTIES.map(name => [name, 'update' as const])),
      // For percentiles, which are refused.
      EvaluateLowSampleCountPercentile: 'harmless',
    },
    attributes: ['Arn'],
    refuse: unserved,
    create({ properties, inventName }) {
      const name = properties.AlarmName ?? inventName(255)
      if (alarms.find(name)) throw new AwsError('AlreadyExists', `${name} already exists`)
      return physical(alarms.put(readAlarm(properties, name), tagsOf(properties)))
    },
    update: ({ properties }, { physicalId }) =>
      physical(alarms.put(readAlarm(properties, physicalId), tagsOf(properties))),
    delete: ({ physicalId }) => alarms.delete(physicalId),
  }
}

const physical = ({ settings, arn }: Alarm): Physical => ({
  physicalId: settings.name,
  attributes: { Arn: arn },
})

const tagsOf = ({ Tags = [] }: Properties) =>
  new Map<string, string>(Tags.map(({ Key, Value }: any) => [Key, Value]))
