import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRouteResponsesCommand,
  GetRoutesCommand,
  GetStagesCommand,
  type Route,
} from '@aws-sdk/client-apigatewayv2'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import type { Cloud } from '../../cloud/cloud.ts'
import { openRoles } from './roles.ts'
import { openPools } from './sign-in.ts'
import { stagesOf } from './stages.ts'

/** The most rows, messages or log lines that are shown of one thing. */
const MOST = 100

/** Looks into the account as its owner would: by the AWS API, with the learner's own keys. */
export function openInside(cloud: Cloud) {
  const aws = { region: cloud.account.region, endpoint: cloud.endpoint, credentials: cloud.credentials }
  const tables = new DynamoDBClient(aws)
  const rows = DynamoDBDocumentClient.from(tables)
  const queues = new SQSClient(aws)
  const topics = new SNSClient(aws)
  const functions = new LambdaClient(aws)
  const logs = new CloudWatchLogsClient(aws)
  const gateway = new ApiGatewayV2Client(aws)
  const pools = openPools(cloud)
  const roles = openRoles(aws)

  return {
    roles: roles.roles,
    role: roles.role,
    may: roles.may,
    entrances: pools.entrances,
    signIn: pools.signIn,
    stages: () => stagesOf(cloud, gateway),
    async tables() {
      const { TableNames = [] } = await tables.send(new ListTablesCommand({}))
      return Promise.all(
        TableNames.map(async name => {
          const { Items = [], Count } = await rows.send(new ScanCommand({ TableName: name, Limit: MOST }))
          return { name, count: Count ?? 0, rows: Items }
        }),
      )
    },
    async queues() {
      const { QueueUrls = [] } = await queues.send(new ListQueuesCommand({}))
      return Promise.all(
        QueueUrls.map(async url => {
          const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })
          const { Attributes: about = {} } = await queues.send(asked)
          return {
            url,
            name: url.split('/').at(-1)!,
            waiting: Number(about.ApproximateNumberOfMessages ?? 0),
            inFlight: Number(about.ApproximateNumberOfMessagesNotVisible ?? 0),
            redrive: about.RedrivePolicy,
          }
        }),
      )
    },
    /** Reads messages as any receiver would, and gives them back at once. It counts as a receive. */
    async messages(url: string) {
      const asked = { QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0, WaitTimeSeconds: 0 }
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand(asked))
      return Messages.map(({ MessageId, Body }) => ({ id: MessageId, body: Body }))
    },
    async topics() {
      const { Topics = [] } = await topics.send(new ListTopicsCommand({}))
      const { Subscriptions = [] } = await topics.send(new ListSubscriptionsCommand({}))
      return Topics.map(({ TopicArn }) => ({
        arn: TopicArn!,
        name: TopicArn!.split(':').at(-1)!,
        subscriptions: Subscriptions.filter(one => one.TopicArn === TopicArn).map(one => ({
          protocol: one.Protocol,
          endpoint: one.Endpoint,
        })),
      }))
    },
    async functions() {
      const { Functions = [] } = await functions.send(new ListFunctionsCommand({}))
      return Functions.map(one => ({
        name: one.FunctionName!,
        logGroup: one.LoggingConfig?.LogGroup ?? `/aws/lambda/${one.FunctionName}`,
        role: one.Role,
        runtime: one.Runtime,
        timeout: one.Timeout,
        memory: one.MemorySize,
        environment: one.Environment?.Variables ?? {},
      }))
    },
    async logs(logGroupName: string) {
      // A function that never ran has no log group.
      const { events = [] } = await logs
        .send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }))
        .catch(error => {
          if (error.name === 'ResourceNotFoundException') return { events: [] }
          throw error
        })
      return events.slice(-MOST * 5).map(({ timestamp, message }) => ({ at: timestamp, message }))
    },
    async apis() {
      const { Items = [] } = await gateway.send(new GetApisCommand({}))
      return Promise.all(
        Items.filter(api => api.ProtocolType === 'WEBSOCKET').map(
          async ({ ApiId, Name, RouteSelectionExpression }) => {
            const [routes, integrations, stages] = await Promise.all([
              gateway.send(new GetRoutesCommand({ ApiId })),
              gateway.send(new GetIntegrationsCommand({ ApiId })),
              gateway.send(new GetStagesCommand({ ApiId })),
            ])
            const uris = new Map(integrations.Items?.map(one => [one.IntegrationId, one]))
            return {
              id: ApiId!,
              name: Name,
              selection: RouteSelectionExpression,
              routes: await Promise.all(
                (routes.Items ?? []).map(async route => {
                  const integration = uris.get(route.Target?.replace('integrations/', ''))
                  return {
                    key: route.RouteKey,
                    authorization: route.AuthorizationType,
                    to: integration?.IntegrationUri ?? integration?.IntegrationType,
                    answers: await isTwoWay(ApiId!, route),
                  }
                }),
              ),
              stages: (stages.Items ?? []).map(stage => ({
                name: stage.StageName,
                autoDeploy: stage.AutoDeploy ?? false,
                deploymentId: stage.DeploymentId,
                throttle: stage.DefaultRouteSettings,
                served: servedBy(ApiId!, stage.StageName!),
              })),
            }
          },
        ),
      )
    },
    stop() {
      pools.stop()
      roles.stop()
      for (const client of [tables, queues, topics, functions, logs, gateway]) client.destroy()
    },
  }

  /** Whether the integration's answer goes to the client: it takes an expression and a response (facts: C2). */
  async function isTwoWay(ApiId: string, { RouteId, RouteResponseSelectionExpression }: Route) {
    if (RouteResponseSelectionExpression !== '$default') return false
    const { Items = [] } = await gateway.send(new GetRouteResponsesCommand({ ApiId, RouteId }))
    return Items.some(one => one.RouteResponseKey === '$default')
  }

  /** The routes that a stage serves. AWS has no call for them, so the local cloud itself is asked. */
  function servedBy(apiId: string, stageName: string) {
    const stage = cloud.served().find(one => one.apiId === apiId && one.stageName === stageName)
    return (stage?.routes ?? []).map(({ routeKey, authorizationType, leadsTo, twoWay }) => ({
      key: routeKey,
      authorization: authorizationType,
      to: leadsTo,
      answers: twoWay,
    }))
  }
}
