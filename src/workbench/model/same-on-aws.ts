import { functionOfLog } from './names.ts'
import type { Directory, WireEvent } from './protocol.ts'

/** Where the same is seen in an AWS account. */
export interface SameOnAws {
  readonly what: 'metric' | 'log group' | 'query' | 'command'
  readonly text: string
}

/** Says where an event of this kind is seen on AWS: the metric, the log group, a query for Logs Insights, a line for the AWS CLI. */
export function sameOnAws(event: WireEvent, directory: Directory): SameOnAws[] {
  const insights = (filter: string): SameOnAws => ({
    what: 'query',
    text: `fields @timestamp, @message\n| filter ${filter}\n| sort @timestamp desc`,
  })
  switch (event.kind) {
    case 'handshake':
      return [
        metric(
          `AWS/ApiGateway ${event.status === 101 ? 'ConnectCount' : 'ClientError'}, ApiId ${event.apiId}, Stage ${event.stage}`,
        ),
        group(executionLog(event.apiId, event.stage)),
        insights('@message like /\\$connect/'),
        event.connectionId
          ? command(
              `aws apigatewaymanagementapi get-connection --connection-id ${quoted(event.connectionId)} \\\n  --endpoint-url ${endpointOf(event, directory)}`,
            )
          : command(filterLog(executionLog(event.apiId, event.stage), '$connect')),
      ]
    case 'frame':
      return event.direction === 'in'
        ? [
            metric(`AWS/ApiGateway MessageCount, ApiId ${event.apiId}, Stage ${event.stage}`),
            group(executionLog(event.apiId, event.stage)),
            insights(`@message like ${JSON.stringify(event.connectionId)}`),
            command(filterLog(executionLog(event.apiId, event.stage), event.connectionId)),
          ]
        : [
            metric(`AWS/ApiGateway MessageCount, ApiId ${event.apiId}, Stage ${event.stage}`),
            command(
              `aws apigatewaymanagementapi post-to-connection --connection-id ${quoted(event.connectionId)} \\\n  --data ${quoted(event.text)} --cli-binary-format raw-in-base64-out \\\n  --endpoint-url ${endpointOf(event, directory)}`,
            ),
          ]
    case 'close':
      return [
        group(executionLog(event.apiId, event.stage)),
        insights(`@message like ${JSON.stringify(event.connectionId)}`),
        command(filterLog(executionLog(event.apiId, event.stage), event.connectionId)),
      ]
    case 'invocation': {
      const log = logGroupOf(event.functionName, directory)
      const name = { returned: 'Duration', failed: 'Errors', 'timed out': 'Errors', refused: 'Throttles' }[
        event.outcome
      ]
      return [
        metric(`AWS/Lambda ${name}, FunctionName ${event.functionName}`),
        group(log),
        insights(`@requestId = ${JSON.stringify(event.requestId)}`),
        command(filterLog(log, event.requestId)),
      ]
    }
    case 'decision':
      return [
        ...(event.principal.includes(':assumed-role/')
          ? [
              command(
                `aws iam simulate-principal-policy \\\n  --policy-source-arn ${roleArn(event.principal)} \\\n  --action-names ${event.action} \\\n  --resource-arns ${quoted(event.resource)}`,
              ),
            ]
          : []),
        ...(event.allowed
          ? []
          : [
              insights('@message like /AccessDenied/'),
              command(
                `aws cloudtrail lookup-events \\\n  --lookup-attributes AttributeKey=EventName,AttributeValue=${event.action.split(':')[1]}`,
              ),
            ]),
      ]
    case 'knock':
      return []
    case 'invoke': {
      const log = logGroupOf(event.functionName, directory)
      return [
        metric(`AWS/Lambda Invocations, FunctionName ${event.functionName}`),
        group(log),
        insights(`@requestId = ${JSON.stringify(event.requestId)}`),
        command(filterLog(log, event.requestId)),
      ]
    }
    case 'call':
    case 'answer':
      return [
        command(
          `aws cloudtrail lookup-events \\\n  --lookup-attributes AttributeKey=EventName,AttributeValue=${event.operation}`,
        ),
      ]
    case 'message':
      return [
        metric(`AWS/SQS ${queueMetrics[event.change]}, QueueName ${event.queueName}`),
        command(
          `aws sqs get-queue-attributes --attribute-names All \\\n  --queue-url https://sqs.${directory.region}.amazonaws.com/${directory.accountId}/${event.queueName}`,
        ),
      ]
    case 'published':
      return [
        metric(`AWS/SNS NumberOfMessagesPublished, TopicName ${event.topicName}`),
        command(
          `aws sns list-subscriptions-by-topic \\\n  --topic-arn arn:aws:sns:${directory.region}:${directory.accountId}:${event.topicName}`,
        ),
      ]
    case 'item':
      return [
        metric(`AWS/DynamoDB ConsumedWriteCapacityUnits, TableName ${event.tableName}`),
        command(
          event.change === 'REMOVE'
            ? `aws dynamodb scan --table-name ${event.tableName}`
            : `aws dynamodb get-item --table-name ${event.tableName} \\\n  --key ${quoted(JSON.stringify(event.keys))}`,
        ),
      ]
    case 'log': {
      const name = functionOfLog(event.logGroup, directory)
      return [
        ...(name ? [metric(`AWS/Lambda Errors, FunctionName ${name}`)] : []),
        group(event.logGroup),
        insights(`@logStream = ${JSON.stringify(event.logStream)}`),
        command(`aws logs tail ${quoted(event.logGroup)} --follow`),
      ]
    }
    case 'alarm':
      return [command(`aws cloudwatch describe-alarms --alarm-names ${quoted(event.alarmName)}`)]
    case 'resource':
      return [command(`aws cloudformation describe-stack-events --stack-name ${event.stackName}`)]
  }
}

/** The metric that counts what happened to a message. */
const queueMetrics = {
  sent: 'NumberOfMessagesSent',
  received: 'NumberOfMessagesReceived',
  deleted: 'NumberOfMessagesDeleted',
  buried: 'NumberOfMessagesSent',
}

const metric = (text: string): SameOnAws => ({ what: 'metric', text })
const group = (text: string): SameOnAws => ({ what: 'log group', text })
const command = (text: string): SameOnAws => ({ what: 'command', text })

/** The log that API Gateway writes of a stage, where its logging is on. */
const executionLog = (apiId: string, stage: string): string => `/aws/apigateway/${apiId}/${stage}`

const endpointOf = ({ apiId, stage }: { apiId: string; stage: string }, { region }: Directory): string =>
  `https://${apiId}.execute-api.${region}.amazonaws.com/${stage}`

const filterLog = (logGroup: string, pattern: string): string =>
  `aws logs filter-log-events \\\n  --log-group-name ${quoted(logGroup)} \\\n  --filter-pattern ${quoted(`"${pattern}"`)}`

const logGroupOf = (functionName: string, { logGroups }: Directory): string =>
  Object.entries(logGroups).find(([, name]) => name === functionName)?.[0] ?? `/aws/lambda/${functionName}`

/** `arn:aws:sts::1:assumed-role/R/S` → `arn:aws:iam::1:role/R`. */
const roleArn = (principal: string): string =>
  principal.replace(/:sts:/, ':iam:').replace(/:assumed-role\/([^/]+)\/.*$/, ':role/$1')

/** One word for a POSIX shell, whatever is in it. */
export const quoted = (text: string): string =>
  /^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
