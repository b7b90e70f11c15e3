import { RemovalPolicy } from 'aws-cdk-lib'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/**
 * Puppets that may do nothing, behind two-way routes: `ask` has no policy at all, `denied` one that allows everything
 * and one that denies DynamoDB, `bounded` is allowed DynamoDB but has a boundary that allows logs only.
 * Outputs `Url`, `TableName`, `QueueUrl`, `QueueArn`, `TopicArn`, `FunctionName`, and `AskName`, `AskRole`.
 */
export const denied = ground('denied', stack => {
  const api = new WebSocketApi(stack, 'Api')
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  table.addGlobalSecondaryIndex({
    indexName: 'byRoom',
    partitionKey: { name: 'room', type: AttributeType.STRING },
  })
  const queue = new Queue(stack, 'Queue')
  const topic = new Topic(stack, 'Topic')
  const functions = {
    ask: puppet(stack, 'Ask'),
    denied: puppet(stack, 'Denied'),
    bounded: puppet(stack, 'Bounded'),
  }
  const dynamodb = { actions: ['dynamodb:*'], resources: ['*'] }
  functions.denied.addToRolePolicy(new PolicyStatement(dynamodb))
  functions.denied.addToRolePolicy(
    PolicyStatement.fromJson({ Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: '*' }),
  )
  functions.bounded.addToRolePolicy(new PolicyStatement(dynamodb))
  const boundary = new ManagedPolicy(stack, 'Boundary', {
    statements: [new PolicyStatement({ actions: ['logs:*'], resources: ['*'] })],
  })
  const { defaultChild } = functions.bounded.role!.node
  Object.assign(defaultChild as object, { permissionsBoundary: boundary.managedPolicyArn })
  for (const [routeKey, fn] of Object.entries(functions)) {
    const integration = new WebSocketLambdaIntegration(routeKey, fn)
    api.addRoute(routeKey, { integration, returnResponse: true })
  }
  live(api)
  output(stack, 'TableName', table.tableName)
  output(stack, 'QueueUrl', queue.queueUrl)
  output(stack, 'QueueArn', queue.queueArn)
  output(stack, 'TopicArn', topic.topicArn)
  output(stack, 'FunctionArn', functions.denied.functionArn)
  output(stack, 'AskName', functions.ask.functionName)
  output(stack, 'AskRole', functions.ask.role!.roleName)
})
