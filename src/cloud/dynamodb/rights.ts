// What CloudFormation's handlers for DynamoDB ask: a table.
import { arnIn, asking, type Rights, type Subject } from '../cloudformation/rights.ts'

/** AWS::DynamoDB::Table. */
export const tableRights: Rights = {
  service: 'DynamoDb',
  on: of => tableArn(of),
  create: 'dynamodb: CreateTable DescribeTable',
  read: 'dynamodb: DescribeTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination DescribeTimeToLive GetResourcePolicy ListTagsOfResource',
  update: 'dynamodb: UpdateTable DescribeTable',
  delete: 'dynamodb: DeleteTable DescribeTable',
  tag: 'dynamodb: TagResource',
  untag: 'dynamodb: UntagResource',
  also: (of, verb) =>
    verb === 'delete'
      ? []
      : [
          ...asked(of, 'TimeToLiveSpecification', 'UpdateTimeToLive'),
          ...asked(of, 'PointInTimeRecoverySpecification', 'UpdateContinuousBackups'),
          ...asked(of, 'ContributorInsightsSpecification', 'UpdateContributorInsights'),
          ...asked(
            of,
            'ResourcePolicy',
            of.properties.ResourcePolicy ? 'PutResourcePolicy' : 'DeleteResourcePolicy',
          ),
        ],
}

/** AWS::DynamoDB::GlobalTable with one replica: the same table, and what DynamoDB scales it with. */
export const globalTableRights: Rights = {
  ...tableRights,
  also: (of, verb) => [...tableRights.also!(of, verb), ...(scales(of) ? asking(SCALING[verb], '*') : [])],
}

const SCALING = {
  create:
    'application-autoscaling: RegisterScalableTarget PutScalingPolicy DescribeScalableTargets DescribeScalingPolicies',
  update:
    'application-autoscaling: RegisterScalableTarget PutScalingPolicy DescribeScalableTargets DescribeScalingPolicies',
  delete:
    'application-autoscaling: DeleteScalingPolicy DeregisterScalableTarget DescribeScalableTargets DescribeScalingPolicies',
}

const scales = ({ properties }: Subject): boolean =>
  JSON.stringify(properties).includes('CapacityAutoScalingSettings')

/** What is asked where a property is there, or was. */
const asked = (of: Subject, property: string, action: string) =>
  of.properties[property] === undefined && of.before?.[property] === undefined
    ? []
    : asking(`dynamodb: ${action}`, tableArn(of))

const tableArn = ({ account, physicalId, properties, inventName }: Subject): string =>
  arnIn(account, 'dynamodb', `table/${physicalId ?? properties.TableName ?? inventName(255)}`)
