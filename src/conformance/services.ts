// A table: what of the services beside the sockets was compared with answers of AWS.

/**
 * `compared`: held against recordings of AWS, or its published schemas and documents. `assumed`: nobody knows for
 * certain. `different`: it is known to be otherwise on AWS.
 */
export type Standing = 'compared' | 'assumed' | 'different'

/** One thing that a service does. */
export interface ServiceRow {
  readonly standing: Standing
  readonly says: string
  /** The test that holds it, or where it is told. */
  readonly held: string
}

const row =
  (standing: Standing) =>
  (says: string, held: string): ServiceRow => ({ standing, says, held })
const [compared, assumed, different] = [row('compared'), row('assumed'), row('different')]

/** By service, in the order of the page. */
export const services: Readonly<Record<string, readonly ServiceRow[]>> = {
  CloudFormation: [
    compared(
      'Which properties replace a resource, and which attributes it has: the schemas of resource types',
      'src/cloud/cloudformation/update-rules.test.ts',
    ),
    compared(
      'An update of every property of the types that apps use most: physical id, and the value that is applied',
      'src/cloud/cloudformation/updates/updates.prove.ts',
    ),
    compared(
      'Refusals of templates, the events of a stack, rollbacks',
      'src/cloud/cloudformation/stacks.test.ts',
    ),
    compared(
      'A custom-named resource is not replaced under its name',
      'src/cloud/cloudformation/replacement.test.ts',
    ),
    compared('Change sets, their details and their refusals', 'src/cloud/cloudformation/service.test.ts'),
    assumed('The words for conditions that refer to each other', 'src/cloud/cloudformation/conditions.ts'),
    assumed(
      'A table whose local indexes change is replaced. (The schema and the newer guide do not say so)',
      'src/cloud/cloudformation/updates/dynamodb.table.ts',
    ),
    different(
      'A call that makes, changes or deletes a stack answers when that is done',
      'src/cloud/cloudformation/service.ts',
    ),
    different(
      'An attribute of a resource that changes in place is taken as known: a change set does not list what refers to it',
      'src/cloud/cloudformation/changes.ts',
    ),
    assumed('The refusals of ContinueUpdateRollback', 'src/cloud/cloudformation/stacks.ts'),
  ],
  'IAM and STS': [
    compared(
      'Everybody, as a star under AWS, means services too; NotPrincipal',
      'src/cloud/iam/evaluate.test.ts',
    ),
    compared(
      'NotResource with a variable that has no value allows nothing',
      'src/cloud/iam/evaluate.test.ts',
    ),
    compared('AttachUserPolicy refuses what is no ARN', 'src/cloud/iam/users.test.ts'),
    compared(
      'Tags of AssumeRole: duplicates, transitive ones, what goes on',
      'src/cloud/sts/session-tags.test.ts',
    ),
    assumed('The words for tag keys that begin with `aws:`', 'src/cloud/sts/session-tags.ts'),
    different('There are no groups, and users come by the API only', 'src/cloud/iam/policy-resources.ts'),
  ],
  SNS: [
    compared(
      'Filter policies, `exists` on messages without attributes included',
      'src/cloud/sns/filter/filter-policy.test.ts',
    ),
    compared('PublishBatch: its checks and their order', 'src/cloud/sns/publish.test.ts'),
    compared(
      'Delivery policies: a topic may override its subscriptions',
      'src/cloud/sns/delivery-policy.test.ts',
    ),
    assumed('The curves between the delays of retries', 'src/cloud/sns/delivery-policy.ts'),
    assumed(
      'The refusal of a topic that is there already, from a template',
      'src/cloud/sns/topic-resource.ts',
    ),
  ],
  SQS: [
    compared('Which attributes a message is received with, and their MD5', 'src/cloud/sqs/messages.test.ts'),
    compared(
      'Lambda’s events of a queue, `md5OfMessageAttributes` included',
      'src/cloud/lambda/event-sources/poller.test.ts',
    ),
  ],
  CloudWatch: [
    compared('The reasons of alarms, in words and as data', 'src/cloud/cloudwatch/cloudwatch.test.ts'),
    compared('GetMetricStatistics: units apart, 1,440 datapoints', 'src/cloud/cloudwatch/cloudwatch.test.ts'),
    different(
      'Periods of less than a minute and percentiles are refused',
      'src/cloud/cloudwatch/metric-operations.ts',
    ),
  ],
  'CloudWatch Logs': [
    compared(
      'Limits, members that exclude each other, members of groups and streams',
      'src/cloud/logs/logs.test.ts',
    ),
    assumed('The refusal of an order by time together with a prefix', 'src/cloud/logs/constraints.ts'),
  ],
  'Lambda’s API': [
    compared('Malformed names and qualifiers', 'src/cloud/lambda/names.test.ts'),
    different('Functions are made by templates only', 'src/cloud/lambda/service.ts'),
  ],
  DynamoDB: [
    compared('Members of CreateTable, DescribeTable and DeleteTable', 'src/cloud/dynamodb/creating.test.ts'),
    compared(
      'A table that is CREATING, and one that is there already',
      'src/cloud/dynamodb/creating.test.ts',
    ),
    compared(
      'Syntax errors of expressions, with token and neighbours',
      'src/cloud/dynamodb/creating.test.ts',
    ),
    assumed('That CreateTable takes a quarter of a second', 'src/cloud/dynamodb/creating.test.ts'),
    compared(
      'Global indexes with keys of several attributes: rules of queries, and refusals of CreateTable',
      'src/cloud/dynamodb/long-keys.test.ts',
    ),
    assumed(
      'The refusal of a query that breaks the rules of such a key has the words of the refusal of other keys',
      'src/cloud/dynamodb/long-keys.test.ts',
    ),
    different('A template’s table is there at once', 'src/cloud/dynamodb/table-resource.ts'),
  ],
  'API Gateway': [
    compared('Compression that cannot be met is declined', 'src/cloud/apigateway/sockets/handshake.test.ts'),
    assumed(
      'A proxy response with members beside its own is malformed: one report, of a one-way route',
      'src/cloud/apigateway/messages/messages.test.ts',
    ),
  ],
}
