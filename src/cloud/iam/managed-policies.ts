// A table, and as long as it must be: AWS's own managed policies.
import type { PolicyDocument, Statement } from './policy.ts'

/** The name of a policy with its path, when this version of it was published and as which, and what it says. */
type Row = readonly [name: string, published: string, statements: readonly Statement[]]

/** AWS's managed policies that CDK attaches or that go with what this cloud has, as AWS published them (March 2026). */
const table: readonly Row[] = [
  ['AdministratorAccess', '2015-02-06 v1', [allow(['*'])]],
  [
    'PowerUserAccess',
    '2026-02-12 v12',
    [
      { NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*', Effect: 'Allow' },
      allow([
        'account: GetAccountInformation GetGovCloudAccountInformation GetPrimaryEmail ListRegions',
        'iam: CreateServiceLinkedRole DeleteServiceLinkedRole ListRoles',
        'organizations: DescribeEffectivePolicy DescribeOrganization',
      ]),
    ],
  ],
  [
    // For hundreds of services; here for those that this cloud has.
    'ReadOnlyAccess',
    '2026-02-12 v178',
    [
      allow(
        [
          'acm: Describe* Get* List*',
          'apigateway: GET GetRoutingRule ListRoutingRules',
          'cloudformation: BatchDescribeTypeConfigurations Describe* Detect* Estimate* Get* List* ValidateTemplate',
          'cloudwatch: Describe* GenerateQuery GenerateQueryResultsSummary Get* List*',
          'cognito-idp: AdminGet* AdminList* Describe* Get* List*',
          'dynamodb: BatchGet* Describe* Get* List* PartiQLSelect Query Scan',
          'ec2: Describe* DescribeInstanceImageMetadata Get* ListImagesInRecycleBin ListSnapshotsInRecycleBin SearchLocalGatewayRoutes SearchTransitGatewayRoutes',
          'ecr: BatchCheck* BatchGet* Describe* Get* List*',
          'elasticache: Describe* List*',
          'iam: Generate* Get* List* Simulate*',
        ],
        { Sid: 'ReadOnlyActionsGroup1' },
      ),
      allow(
        [
          'lambda: Get* List*',
          'logs: Describe* FilterLogEvents Get* ListAnomalies ListEntitiesForLogGroup ListIntegrations ListLogAnomalyDetectors ListLogDeliveries ListLogGroupsForEntity ListLogGroupsForQuery ListTagsForResource ListTagsLogGroup StartLiveTail StartQuery StopLiveTail StopQuery TestMetricFilter ListAggregateLogGroupSummaries ListSourcesForS3TableIntegration ListScheduledQueries',
          'route53: Get* List* Test*',
          's3: DescribeJob Get* List*',
          'sns: Check* Get* List*',
          'sqs: Get* List* Receive*',
          'ssm: Describe* Get* List*',
          'sts: GetAccessKeyInfo GetCallerIdentity GetSessionToken',
        ],
        { Sid: 'ReadOnlyActionsGroup2' },
      ),
    ],
  ],
  ['AWSDenyAll', '2023-12-18 v2', [deny(['*'], { Sid: 'DenyAll' })]],
  [
    'service-role/AWSLambdaBasicExecutionRole',
    '2015-04-09 v1',
    [allow(['logs: CreateLogGroup CreateLogStream PutLogEvents'])],
  ],
  [
    'service-role/AWSLambdaVPCAccessExecutionRole',
    '2024-01-05 v3',
    [
      allow(
        [
          'logs: CreateLogGroup CreateLogStream PutLogEvents',
          'ec2: CreateNetworkInterface DescribeNetworkInterfaces DescribeSubnets DeleteNetworkInterface AssignPrivateIpAddresses UnassignPrivateIpAddresses',
        ],
        { Sid: 'AWSLambdaVPCAccessExecutionPermissions' },
      ),
    ],
  ],
  [
    'service-role/AWSLambdaDynamoDBExecutionRole',
    '2015-04-09 v1',
    [
      allow([
        'dynamodb: DescribeStream GetRecords GetShardIterator ListStreams',
        'logs: CreateLogGroup CreateLogStream PutLogEvents',
      ]),
    ],
  ],
  [
    'service-role/AWSLambdaSQSQueueExecutionRole',
    '2018-06-14 v1',
    [
      allow([
        'sqs: ReceiveMessage DeleteMessage GetQueueAttributes',
        'logs: CreateLogGroup CreateLogStream PutLogEvents',
      ]),
    ],
  ],
  [
    'service-role/AWSLambdaKinesisExecutionRole',
    '2018-11-19 v2',
    [
      allow([
        'kinesis: DescribeStream DescribeStreamSummary GetRecords GetShardIterator ListShards ListStreams SubscribeToShard',
        'logs: CreateLogGroup CreateLogStream PutLogEvents',
      ]),
    ],
  ],
  ['service-role/AWSLambdaRole', '2015-02-06 v1', [allow(['lambda: InvokeFunction'], { Resource: ['*'] })]],
  [
    'AWSLambdaExecute',
    '2015-02-06 v1',
    [
      allow(['logs: *'], { Resource: 'arn:aws:logs:*:*:*' }),
      allow(['s3: GetObject PutObject'], { Resource: 'arn:aws:s3:::*' }),
    ],
  ],
  [
    'AWSLambdaInvocation-DynamoDB',
    '2015-02-06 v1',
    [
      allow(['lambda: InvokeFunction']),
      allow(['dynamodb: DescribeStream GetRecords GetShardIterator ListStreams']),
    ],
  ],
  [
    'AWSLambda_FullAccess',
    '2026-02-12 v7',
    [
      allow([
        'cloudformation: DescribeStacks ListStackResources',
        'cloudwatch: ListMetrics GetMetricData',
        'ec2: DescribeSecurityGroups DescribeSubnets DescribeVpcs',
        'kms: DescribeKey ListAliases',
        'iam: GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoles',
        'lambda: *',
        'logs: DescribeLogGroups',
        'states: DescribeStateMachine ListStateMachines',
        'tag: GetResources',
        'xray: GetTraceSummaries BatchGetTraces',
      ]),
      allow(['iam: PassRole'], {
        Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      }),
      allow(['logs: DescribeLogStreams GetLogEvents FilterLogEvents StartLiveTail StopLiveTail'], {
        Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda/*',
      }),
      allow(['iam: CreateServiceLinkedRole'], {
        Resource: 'arn:aws:iam::*:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda',
        Condition: { StringEquals: { 'iam:AWSServiceName': 'lambda.amazonaws.com' } },
      }),
    ],
  ],
  [
    'AWSLambda_ReadOnlyAccess',
    '2026-02-12 v5',
    [
      allow([
        'cloudformation: DescribeStacks ListStacks ListStackResources',
        'cloudwatch: GetMetricData ListMetrics',
        'ec2: DescribeSecurityGroups DescribeSubnets DescribeVpcs',
        'kms: ListAliases',
        'iam: GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies ListRoles',
        'logs: DescribeLogGroups',
        'lambda: Get* List*',
        'states: DescribeStateMachine ListStateMachines',
        'tag: GetResources',
        'xray: GetTraceSummaries BatchGetTraces',
      ]),
      allow(
        [
          'logs: DescribeLogStreams GetLogEvents FilterLogEvents StartQuery StopQuery DescribeQueries GetLogGroupFields GetLogRecord GetQueryResults StartLiveTail StopLiveTail',
        ],
        { Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda/*' },
      ),
    ],
  ],
  [
    'AWSXRayDaemonWriteAccess',
    '2024-02-13 v2',
    [
      allow(
        [
          'xray: PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets GetSamplingStatisticSummaries',
        ],
        { Resource: ['*'], Sid: 'AWSXRayDaemonWriteAccess' },
      ),
    ],
  ],
  [
    'AWSXrayWriteOnlyAccess',
    '2018-08-28 v2',
    [
      allow(
        [
          'xray: PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets GetSamplingStatisticSummaries',
        ],
        { Resource: ['*'] },
      ),
    ],
  ],
  [
    'CloudWatchLambdaInsightsExecutionRolePolicy',
    '2020-10-07 v1',
    [
      allow(['logs: CreateLogGroup']),
      allow(['logs: CreateLogStream PutLogEvents'], {
        Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*',
      }),
    ],
  ],
  [
    'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    '2015-11-11 v1',
    [
      allow([
        'logs: CreateLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams PutLogEvents GetLogEvents FilterLogEvents',
      ]),
    ],
  ],
  [
    'service-role/AWSAppSyncPushToCloudWatchLogs',
    '2018-04-09 v1',
    [allow(['logs: CreateLogGroup CreateLogStream PutLogEvents'])],
  ],
  [
    'AmazonAPIGatewayInvokeFullAccess',
    '2018-12-18 v2',
    [allow(['execute-api: Invoke ManageConnections'], { Resource: 'arn:aws:execute-api:*:*:*' })],
  ],
  [
    'AmazonAPIGatewayAdministrator',
    '2015-07-09 v1',
    [allow(['apigateway: *'], { Resource: 'arn:aws:apigateway:*::/*' })],
  ],
  [
    'AmazonDynamoDBFullAccess',
    '2021-01-29 v15',
    [
      allow([
        'dynamodb: *',
        'dax: *',
        'application-autoscaling: DeleteScalingPolicy DeregisterScalableTarget DescribeScalableTargets DescribeScalingActivities DescribeScalingPolicies PutScalingPolicy RegisterScalableTarget',
        'cloudwatch: DeleteAlarms DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric GetMetricStatistics ListMetrics PutMetricAlarm GetMetricData',
        'datapipeline: ActivatePipeline CreatePipeline DeletePipeline DescribeObjects DescribePipelines GetPipelineDefinition ListPipelines PutPipelineDefinition QueryObjects',
        'ec2: DescribeVpcs DescribeSubnets DescribeSecurityGroups',
        'iam: GetRole ListRoles',
        'kms: DescribeKey ListAliases',
        'sns: CreateTopic DeleteTopic ListSubscriptions ListSubscriptionsByTopic ListTopics Subscribe Unsubscribe SetTopicAttributes',
        'lambda: CreateFunction ListFunctions ListEventSourceMappings CreateEventSourceMapping DeleteEventSourceMapping GetFunctionConfiguration DeleteFunction',
        'resource-groups: ListGroups ListGroupResources GetGroup GetGroupQuery DeleteGroup CreateGroup',
        'tag: GetResources',
        'kinesis: ListStreams DescribeStream DescribeStreamSummary',
      ]),
      allow(['cloudwatch: GetInsightRuleReport'], {
        Resource: 'arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*',
      }),
      allow(['iam: PassRole'], {
        Condition: {
          StringLike: {
            'iam:PassedToService': [
              'application-autoscaling.amazonaws.com',
              'application-autoscaling.amazonaws.com.cn',
              'dax.amazonaws.com',
            ],
          },
        },
      }),
      allow(['iam: CreateServiceLinkedRole'], {
        Condition: {
          StringEquals: {
            'iam:AWSServiceName': [
              'replication.dynamodb.amazonaws.com',
              'dax.amazonaws.com',
              'dynamodb.application-autoscaling.amazonaws.com',
              'contributorinsights.dynamodb.amazonaws.com',
              'kinesisreplication.dynamodb.amazonaws.com',
            ],
          },
        },
      }),
    ],
  ],
  [
    'AmazonDynamoDBReadOnlyAccess',
    '2024-11-18 v15',
    [
      allow(
        [
          'application-autoscaling: DescribeScalableTargets DescribeScalingActivities DescribeScalingPolicies',
          'cloudwatch: DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric GetMetricStatistics ListMetrics GetMetricData',
          'datapipeline: DescribeObjects DescribePipelines GetPipelineDefinition ListPipelines QueryObjects',
          'dynamodb: BatchGetItem Describe* List* GetAbacStatus GetItem GetResourcePolicy Query Scan PartiQLSelect',
          'dax: Describe* List* GetItem BatchGetItem Query Scan',
          'ec2: DescribeVpcs DescribeSubnets DescribeSecurityGroups',
          'iam: GetRole ListRoles',
          'kms: DescribeKey ListAliases',
          'sns: ListSubscriptionsByTopic ListTopics',
          'lambda: ListFunctions ListEventSourceMappings GetFunctionConfiguration',
          'resource-groups: ListGroups ListGroupResources GetGroup GetGroupQuery',
          'tag: GetResources',
          'kinesis: ListStreams DescribeStream DescribeStreamSummary',
        ],
        { Sid: 'GeneralReadOnlyAccess' },
      ),
      allow(['cloudwatch: GetInsightRuleReport'], {
        Resource: 'arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*',
        Sid: 'CCIAccess',
      }),
    ],
  ],
  ['AmazonSQSFullAccess', '2015-02-06 v1', [allow(['sqs: *'])]],
  [
    'AmazonSQSReadOnlyAccess',
    '2024-05-24 v4',
    [
      allow(
        [
          'sqs: GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues ListQueues ListMessageMoveTasks ListQueueTags',
        ],
        { Sid: 'AmazonSQSReadOnlyAccess' },
      ),
    ],
  ],
  [
    'AmazonSNSFullAccess',
    '2024-09-24 v2',
    [
      allow(['sns: *'], { Sid: 'SNSFullAccess' }),
      allow(
        [
          'sms-voice: DescribeVerifiedDestinationNumbers CreateVerifiedDestinationNumber SendDestinationNumberVerificationCode SendTextMessage DeleteVerifiedDestinationNumber VerifyDestinationNumber DescribeAccountAttributes DescribeSpendLimits DescribePhoneNumbers SetTextMessageSpendLimitOverride DescribeOptedOutNumbers DeleteOptedOutNumber',
        ],
        { Condition: { StringEquals: { 'aws:CalledViaLast': 'sns.amazonaws.com' } }, Sid: 'SMSAccessViaSNS' },
      ),
    ],
  ],
  [
    'AmazonSNSReadOnlyAccess',
    '2024-09-24 v2',
    [
      allow(
        [
          'sns: GetTopicAttributes List* CheckIfPhoneNumberIsOptedOut GetEndpointAttributes GetDataProtectionPolicy GetPlatformApplicationAttributes GetSMSAttributes GetSMSSandboxAccountStatus GetSubscriptionAttributes',
        ],
        { Sid: 'SNSReadOnlyAccess' },
      ),
      allow(
        [
          'sms-voice: DescribeVerifiedDestinationNumbers DescribeAccountAttributes DescribeSpendLimits DescribePhoneNumbers DescribeOptedOutNumbers',
        ],
        { Condition: { StringEquals: { 'aws:CalledViaLast': 'sns.amazonaws.com' } }, Sid: 'SMSAccessViaSNS' },
      ),
    ],
  ],
  ['AmazonS3FullAccess', '2021-09-27 v2', [allow(['s3: *', 's3-object-lambda: *'])]],
  [
    'AmazonS3ReadOnlyAccess',
    '2023-08-10 v3',
    [allow(['s3: Get* List* Describe*', 's3-object-lambda: Get* List*'])],
  ],
  [
    'AWSCloudFormationReadOnlyAccess',
    '2026-02-12 v7',
    [
      allow([
        'cloudformation: Describe* BatchDescribe* EstimateTemplateCost Get* List* ValidateTemplate Detect*',
      ]),
    ],
  ],
  ['AWSCloudFormationFullAccess', '2019-07-26 v1', [allow(['cloudformation: *'])]],
  ['AmazonSSMReadOnlyAccess', '2015-05-29 v1', [allow(['ssm: Describe* Get* List*'])]],
  [
    'AmazonCognitoPowerUser',
    '2026-02-12 v9',
    [
      allow([
        'cognito-identity: *',
        'cognito-idp: *',
        'cognito-sync: *',
        'iam: ListRoles ListOpenIdConnectProviders GetRole ListSAMLProviders GetSAMLProvider',
        'kinesis: ListStreams',
        'lambda: GetPolicy ListFunctions',
        'sns: GetSMSSandboxAccountStatus ListPlatformApplications',
        'ses: ListIdentities GetIdentityVerificationAttributes',
        'mobiletargeting: GetApps',
        'acm: ListCertificates',
        'sms-voice: DescribeAccountAttributes',
      ]),
      allow(['iam: CreateServiceLinkedRole'], {
        Condition: {
          StringEquals: {
            'iam:AWSServiceName': ['cognito-idp.amazonaws.com', 'email.cognito-idp.amazonaws.com'],
          },
        },
      }),
      allow(['iam: DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus'], {
        Resource: [
          'arn:aws:iam::*:role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp*',
          'arn:aws:iam::*:role/aws-service-role/email.cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdpEmail*',
        ],
      }),
    ],
  ],
  [
    'AmazonCognitoReadOnly',
    '2019-08-01 v4',
    [
      allow([
        'cognito-identity: Describe* Get* List*',
        'cognito-idp: Describe* AdminGet* AdminList* List* Get*',
        'cognito-sync: Describe* Get* List*',
        'iam: ListOpenIdConnectProviders ListRoles',
        'sns: ListPlatformApplications',
      ]),
    ],
  ],
  [
    'CloudWatchLogsFullAccess',
    '2026-02-12 v8',
    [
      allow(
        [
          'logs: *',
          'cloudwatch: GenerateQuery GenerateQueryResultsSummary',
          'observabilityadmin: GetS3TableIntegration ListS3TableIntegrations ListTelemetryPipelines',
        ],
        { Sid: 'CloudWatchLogsFullAccess' },
      ),
    ],
  ],
  [
    'CloudWatchLogsReadOnlyAccess',
    '2026-02-12 v12',
    [
      allow(
        [
          'logs: Describe* Get* List* StartQuery StopQuery TestMetricFilter FilterLogEvents StartLiveTail StopLiveTail',
          'cloudwatch: GenerateQuery GenerateQueryResultsSummary',
          'observabilityadmin: ListS3TableIntegrations GetS3TableIntegration ListTelemetryPipelines',
        ],
        { Sid: 'CloudWatchLogsReadOnlyAccess' },
      ),
    ],
  ],
  [
    'CloudWatchFullAccess',
    '2022-11-27 v4',
    [
      allow([
        'autoscaling: Describe*',
        'cloudwatch: *',
        'logs: *',
        'sns: *',
        'iam: GetPolicy GetPolicyVersion GetRole',
        'oam: ListSinks',
      ]),
      allow(['iam: CreateServiceLinkedRole'], {
        Resource:
          'arn:aws:iam::*:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents*',
        Condition: { StringLike: { 'iam:AWSServiceName': 'events.amazonaws.com' } },
      }),
      allow(['oam: ListAttachedLinks'], { Resource: 'arn:aws:oam:*:*:sink/*' }),
    ],
  ],
]

/** An AWS managed policy as the account sees it. */
export interface AwsManagedPolicy {
  readonly name: string
  /** `/`, or `/service-role/`. */
  readonly path: string
  /** `v12`: AWS changes its policies now and then. */
  readonly version: string
  /** Day on which this version came out: `2026-02-12`. */
  readonly published: string
  readonly document: PolicyDocument
}

/** The AWS managed policy behind an ARN such as `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`. */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const [, name] = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn) ?? []
  return name === undefined ? undefined : policies.get(name)
}

const policies = new Map(
  table.map(([fullName, published, statements]): [string, AwsManagedPolicy] => {
    const slash = fullName.lastIndexOf('/')
    const [day = '', version = ''] = published.split(' ')
    return [
      fullName,
      {
        name: fullName.slice(slash + 1),
        path: `/${fullName.slice(0, slash + 1)}`,
        version,
        published: day,
        document: { Version: '2012-10-17', Statement: statements },
      },
    ]
  }),
)

/** A statement from actions by service, `logs: CreateLogGroup PutLogEvents`, on every resource unless `more` says which. */
function allow(actions: readonly string[], more: Partial<Statement> = {}): Statement {
  const Action = actions.flatMap(line => {
    const [service = '', names] = line.split(': ')
    return names === undefined ? [service] : names.split(' ').map(name => `${service}:${name}`)
  })
  return { Effect: 'Allow', Action, Resource: '*', ...more }
}

function deny(actions: readonly string[], more: Partial<Statement> = {}): Statement {
  return { ...allow(actions, more), Effect: 'Deny' }
}
