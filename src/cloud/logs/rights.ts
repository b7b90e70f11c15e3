// What CloudFormation's handlers for CloudWatch Logs ask: a table.
import { arnIn, asking, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::Logs::LogGroup. */
export const logGroupRights: Rights = {
  service: 'CloudWatchLogs',
  on: of => groupArn(of, of.physicalId ?? of.properties.LogGroupName ?? of.inventName(512)),
  create: 'logs: CreateLogGroup',
  read: 'logs: ListTagsForResource GetDataProtectionPolicy DescribeIndexPolicies',
  update: '',
  delete: 'logs: DeleteLogGroup',
  tag: 'logs: TagResource',
  untag: 'logs: UntagResource',
  also(of, verb) {
    const group = logGroupRights.on(of)
    const looks = asking('logs: DescribeLogGroups', groupArn(of, ''))
    const { RetentionInDays: days, KmsKeyId: key } = of.properties
    if (verb === 'delete') return looks
    return [
      ...looks,
      ...(days !== undefined ? asking('logs: PutRetentionPolicy', group) : []),
      ...(days === undefined && of.before?.RetentionInDays !== undefined
        ? asking('logs: DeleteRetentionPolicy', group)
        : []),
      ...(verb === 'update' && key !== of.before?.KmsKeyId
        ? asking(key === undefined ? 'logs: DisassociateKmsKey' : 'logs: AssociateKmsKey', group)
        : []),
    ]
  },
}

/** AWS::Logs::LogStream. */
export const logStreamRights: Rights = {
  service: 'CloudWatchLogs',
  on: of => groupArn(of, of.properties.LogGroupName, of.physicalId ?? of.properties.LogStreamName),
  create: 'logs: CreateLogStream DescribeLogStreams',
  read: 'logs: DescribeLogStreams',
  delete: 'logs: DeleteLogStream',
}

/** The stream's part stands there, empty, even where an action is about the group: as Logs writes it. */
const groupArn = ({ account }: Subject, name: string, stream = ''): string =>
  arnIn(account, 'logs', `log-group:${name}:log-stream:${stream}`)
