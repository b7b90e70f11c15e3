import { RemovalPolicy } from 'aws-cdk-lib'
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb'
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  ManagedPolicy,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { ground } from '../ground.ts'
import { live, output, puppet } from './parts.ts'

/**
 * Puppets that may do nothing, behind two-way routes: `ask` has no policy at all, `denied` one that allows everything
 * and one that denies DynamoDB, `bounded` is allowed DynamoDB but has a boundary that allows logs only, `forbidden` one that
 * denies DynamoDB. A queue takes messages from nobody (output `ClosedQueueArn`). A role with a path may write into the table
 * (output `SomebodyRole`). Outputs `Url`, `TableName`, `QueueUrl`, `QueueArn`, `TopicArn`, `FunctionArn`, and `AskName`, `AskRole`.
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
    forbidden: puppet(stack, 'Forbidden'),
  }
  const dynamodb = { actions: ['dynamodb:*'], resources: ['*'] }
  functions.denied.addToRolePolicy(new PolicyStatement(dynamodb))
  functions.denied.addToRolePolicy(
    PolicyStatement.fromJson({ Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: '*' }),
  )
  const boundaries = {
    bounded: [new PolicyStatement({ actions: ['logs:*'], resources: ['*'] })],
    forbidden: [
      new PolicyStatement({ actions: ['*'], resources: ['*'] }),
      PolicyStatement.fromJson({ Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: '*' }),
    ],
  }
  for (const [name, statements] of Object.entries(boundaries)) {
    const fn = functions[name as keyof typeof boundaries]
    fn.addToRolePolicy(new PolicyStatement(dynamodb))
    const { managedPolicyArn } = new ManagedPolicy(stack, `Boundary${name}`, { statements })
    Object.assign(fn.role!.node.defaultChild as object, { permissionsBoundary: managedPolicyArn })
  }
  const closed = new Queue(stack, 'ClosedQueue')
  closed.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['sqs:SendMessage'],
      resources: [closed.queueArn],
    }),
  )
  const somebody = new Role(stack, 'Somebody', {
    assumedBy: new AccountPrincipal(stack.account),
    path: '/conformance/',
  })
  table.grantWriteData(somebody)
  for (const [routeKey, fn] of Object.entries(functions)) {
    const integration = new WebSocketLambdaIntegration(routeKey, fn)
    api.addRoute(routeKey, { integration, returnResponse: true })
  }
  live(api)
  output(stack, 'TableName', table.tableName)
  output(stack, 'QueueUrl', queue.queueUrl)
  output(stack, 'QueueArn', queue.queueArn)
  output(stack, 'ClosedQueueArn', closed.queueArn)
  output(stack, 'SomebodyRole', somebody.roleArn)
  output(stack, 'TopicArn', topic.topicArn)
  output(stack, 'FunctionArn', functions.denied.functionArn)
  output(stack, 'AskName', functions.ask.functionName)
  output(stack, 'AskRole', functions.ask.role!.roleName)
})
