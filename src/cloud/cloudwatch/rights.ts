import { arnIn, type Rights } from '../cloudformation/rights.ts'

/** What CloudFormation's handlers for AWS::CloudWatch::Alarm ask. */
export const alarmRights: Rights = {
  service: 'CloudWatch',
  on: of =>
    arnIn(
      of.account,
      'cloudwatch',
      `alarm:${of.physicalId ?? of.properties.AlarmName ?? of.inventName(255)}`,
    ),
  create: 'cloudwatch: PutMetricAlarm DescribeAlarms',
  read: 'cloudwatch: DescribeAlarms ListTagsForResource',
  update: 'cloudwatch: PutMetricAlarm DescribeAlarms',
  delete: 'cloudwatch: DeleteAlarms DescribeAlarms',
  tag: 'cloudwatch: TagResource',
  untag: 'cloudwatch: UntagResource',
}
