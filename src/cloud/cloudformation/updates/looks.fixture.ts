// For tests alone: what each service's own API shows of a resource, in one object.
import {
  ApiGatewayV2Client,
  GetApiCommand,
  GetAuthorizerCommand,
  GetDeploymentCommand,
  GetIntegrationCommand,
  GetIntegrationResponseCommand,
  GetModelCommand,
  GetRouteCommand,
  GetRouteResponseCommand,
  GetStageCommand,
} from '@aws-sdk/client-apigatewayv2'
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb'
import {
  GetPolicyCommand as GetManagedPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam'
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand as ListTopicTagsCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import { GetQueueAttributesCommand, ListQueueTagsCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Cloud } from '../../cloud.ts'
import type { Properties } from '../properties.ts'
import type { Support } from './update-row.ts'

/** What is looked at. */
export interface Looked {
  readonly physicalId: string
  readonly properties: Properties
  readonly support: Support
}

/** How a type is looked at; undefined for one that nothing shows. */
export type Looks = Readonly<Record<string, (one: Looked) => Promise<object>>>

/** Looks with real clients. */
export function looks(cloud: Cloud): Looks {
  const config = {
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: cloud.credentials,
    maxAttempts: 1,
  }
  const [dynamodb, sqs, sns, iam, logs, lambda, cognito, gateway] = [
    new DynamoDBClient(config),
    new SQSClient(config),
    new SNSClient(config),
    new IAMClient(config),
    new CloudWatchLogsClient(config),
    new LambdaClient(config),
    new CognitoIdentityProviderClient(config),
    new ApiGatewayV2Client(config),
  ]
  /** Nothing where the service says that there is none. */
  const orNothing = async <T>(asked: Promise<T>) => {
    try {
      return await asked
    } catch {
      return undefined
    }
  }
  const inline = async (RoleName: string) => {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
    return Object.fromEntries(
      await Promise.all(
        PolicyNames.map(async PolicyName => {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
          return [PolicyName, decodeURIComponent(PolicyDocument!)]
        }),
      ),
    )
  }

  return {
    'AWS::DynamoDB::Table': async ({ physicalId: TableName }) => {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }))
      const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))
      const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: Table!.TableArn }))
      const policy = await orNothing(
        dynamodb.send(new GetResourcePolicyCommand({ ResourceArn: Table!.TableArn })),
      )
      return { ...Table, TimeToLive: TimeToLiveDescription, Tags, Policy: policy?.Policy }
    },
    'AWS::SQS::Queue': async ({ physicalId: QueueUrl }) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      )
      const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
      return { ...Attributes, tags: Tags }
    },
    'AWS::SQS::QueuePolicy': async ({ support }) => {
      const policy = async (QueueUrl: string) =>
        (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }))).Attributes
          ?.Policy
      return {
        QueueUrl: await policy(support.QueueUrl!),
        OtherQueueUrl: await policy(support.OtherQueueUrl!),
      }
    },
    'AWS::SNS::Topic': async ({ physicalId: TopicArn }) => {
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
      const { Tags } = await sns.send(new ListTopicTagsCommand({ ResourceArn: TopicArn }))
      const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
      return { ...Attributes, Tags, Subscriptions }
    },
    'AWS::SNS::TopicPolicy': async ({ support }) => {
      const policy = async (TopicArn: string) =>
        (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.Policy
      return {
        TopicArn: await policy(support.TopicArn!),
        OtherTopicArn: await policy(support.OtherTopicArn!),
      }
    },
    'AWS::SNS::Subscription': async ({ physicalId: SubscriptionArn }) =>
      (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!,
    'AWS::IAM::Role': async ({ physicalId: RoleName }) => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }))
      const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
      return {
        ...Role,
        AssumeRolePolicyDocument: decodeURIComponent(Role!.AssumeRolePolicyDocument!),
        attached: AttachedPolicies,
        inline: Object.keys(await inline(RoleName)),
      }
    },
    'AWS::IAM::Policy': async ({ support }) => ({
      RoleName: await inline(support.RoleName!),
      OtherRoleName: await inline(support.OtherRoleName!),
      UserName: (await iam.send(new ListUserPoliciesCommand({ UserName: support.UserName! }))).PolicyNames,
    }),
    'AWS::IAM::ManagedPolicy': async ({ physicalId: PolicyArn }) => {
      const { Policy } = await iam.send(new GetManagedPolicyCommand({ PolicyArn }))
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy!.DefaultVersionId }),
      )
      return { ...Policy, Document: decodeURIComponent(PolicyVersion!.Document!) }
    },
    'AWS::Logs::LogGroup': async ({ physicalId }) => {
      const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: physicalId }))
      const { tags } = await logs.send(
        new ListTagsForResourceCommand({
          resourceArn: logGroups![0]!.logGroupArn ?? logGroups![0]!.arn!.replace(/:\*$/, ''),
        }),
      )
      return { ...logGroups![0], tags }
    },
    'AWS::Lambda::Function': async ({ physicalId: FunctionName, properties: { Code } }) => {
      const { Configuration, Tags, Concurrency } = await lambda.send(new GetFunctionCommand({ FunctionName }))
      const isCalled = Code?.ZipFile?.includes('second')
      const called = isCalled ? await lambda.send(new InvokeCommand({ FunctionName })) : undefined
      return { ...Configuration, Tags, Concurrency, said: called?.Payload?.transformToString() }
    },
    'AWS::Lambda::Permission': async ({ support }) => {
      const policy = async (FunctionName: string) =>
        (await orNothing(lambda.send(new GetPolicyCommand({ FunctionName }))))?.Policy
      return { Policy: await policy(support.FunctionArn!), Other: await policy(support.OtherFunctionArn!) }
    },
    'AWS::Lambda::EventSourceMapping': ({ physicalId: UUID }) =>
      lambda.send(new GetEventSourceMappingCommand({ UUID })),
    'AWS::Lambda::Alias': ({ physicalId: FunctionName }) =>
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
    'AWS::Cognito::UserPool': async ({ physicalId: UserPoolId }) =>
      (await cognito.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool!,
    'AWS::Cognito::UserPoolClient': async ({ physicalId: ClientId, properties: { UserPoolId } }) =>
      (await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))).UserPoolClient!,
    'AWS::ApiGatewayV2::Api': ({ physicalId: ApiId }) => gateway.send(new GetApiCommand({ ApiId })),
    'AWS::ApiGatewayV2::Integration': ({ physicalId: IntegrationId, properties: { ApiId } }) =>
      gateway.send(new GetIntegrationCommand({ ApiId, IntegrationId })),
    'AWS::ApiGatewayV2::Route': ({ physicalId: RouteId, properties: { ApiId } }) =>
      gateway.send(new GetRouteCommand({ ApiId, RouteId })),
    'AWS::ApiGatewayV2::RouteResponse': ({ physicalId: RouteResponseId, properties: { ApiId, RouteId } }) =>
      gateway.send(new GetRouteResponseCommand({ ApiId, RouteId, RouteResponseId })),
    'AWS::ApiGatewayV2::IntegrationResponse': ({ physicalId, properties: { ApiId, IntegrationId } }) =>
      gateway.send(
        new GetIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseId: physicalId }),
      ),
    'AWS::ApiGatewayV2::Model': ({ physicalId: ModelId, properties: { ApiId } }) =>
      gateway.send(new GetModelCommand({ ApiId, ModelId })),
    'AWS::ApiGatewayV2::Authorizer': ({ physicalId: AuthorizerId, properties: { ApiId } }) =>
      gateway.send(new GetAuthorizerCommand({ ApiId, AuthorizerId })),
    'AWS::ApiGatewayV2::Stage': ({ physicalId: StageName, properties: { ApiId } }) =>
      gateway.send(new GetStageCommand({ ApiId, StageName })),
    'AWS::ApiGatewayV2::Deployment': ({ physicalId: DeploymentId, properties: { ApiId } }) =>
      gateway.send(new GetDeploymentCommand({ ApiId, DeploymentId })),
  }
}
