import type { Account } from '../account.ts'
import type { Alarm, AlarmState } from './alarm.ts'
import type { Act } from './alarms.ts'
import { timestamp } from './reason.ts'

/** Publishes to a topic as a service does on the account's behalf, if the topic lets it. Throws `AwsError`. */
export type PublishFor = (
  service: string,
  topicArn: string,
  message: { readonly Subject: string; readonly Message: string },
  sourceArn: string,
) => void

/** Tells topics of alarms. Whether CloudWatch may is for the topic to say; a topic that is gone or closed costs the message, not the alarm. */
export const alarmActions =
  (account: Account, publishFor: PublishFor): Act =>
  (alarm, before) =>
    alarm.settings.actions[alarm.state.value].map(topicArn => {
      try {
        publishFor('cloudwatch.amazonaws.com', topicArn, notification(alarm, before, account), alarm.arn)
        return `Successfully executed action ${topicArn}`
      } catch (error) {
        if (!(error instanceof Error)) throw error
        return `Failed to execute action ${topicArn}. Received error: "${error.message}"`
      }
    })

function notification({ settings, state, arn, configuredAt }: Alarm, before: AlarmState, account: Account) {
  const { comparison, treatMissingData = 'missing', datapointsToAlarm } = settings
  const region = regionNames[account.region] ?? account.region
  return {
    Subject: `${state.value}: "${settings.name}" in ${region}`.slice(0, 100),
    Message: JSON.stringify({
      AlarmName: settings.name,
      AlarmDescription: settings.description ?? null,
      AWSAccountId: account.accountId,
      AlarmConfigurationUpdatedTimestamp: timestamp(configuredAt),
      NewStateValue: state.value,
      NewStateReason: state.reason,
      StateChangeTime: timestamp(state.since),
      Region: region,
      AlarmArn: arn,
      OldStateValue: before.value,
      OKActions: settings.actions.OK,
      AlarmActions: settings.actions.ALARM,
      InsufficientDataActions: settings.actions.INSUFFICIENT_DATA,
      Trigger: {
        MetricName: settings.metricName,
        Namespace: settings.namespace,
        StatisticType: 'Statistic',
        Statistic: shouted(settings.statistic),
        Unit: settings.unit ?? null,
        Dimensions: Object.entries(settings.dimensions).map(([name, value]) => ({ value, name })),
        Period: settings.period,
        EvaluationPeriods: settings.evaluationPeriods,
        ...(datapointsToAlarm !== undefined && { DatapointsToAlarm: datapointsToAlarm }),
        ComparisonOperator: comparison,
        Threshold: settings.threshold,
        TreatMissingData: treatMissingData,
        EvaluateLowSampleCountPercentile: '',
      },
    }),
  }
}

/** `SampleCount` is `SAMPLE_COUNT` in a notification. */
const shouted = (statistic: string) => statistic.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()

/** Regions as notifications name them. */
const regionNames: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ca-central-1': 'Canada (Central)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'sa-east-1': 'South America (Sao Paulo)',
}
