import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, type ITable, StreamViewType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import {
  Code,
  FilterCriteria,
  FilterRule,
  Function as Lambda,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { DynamoEventSource, SnsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { code } from './code.ts'

/**
 * A chat that nobody but streams drives.
 *
 *   $connect     enter   writes the client into `connections`, for some seconds if it says so
 *   $disconnect  leave
 *   say          say     writes into `messages`
 *
 *   messages    ─ stream ─► tell      ─► everybody; what fails three times ─► a topic ─► `dead`
 *   connections ─ stream ─► farewell  ─► everybody, of those whose time was over
 */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const connections = new Table(this, 'Connections', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'until',
      stream: StreamViewType.OLD_IMAGE,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const messages = new TableV2(this, 'Messages', {
      partitionKey: { name: 'room', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const dead = new Queue(this, 'Dead')
    const given = new Topic(this, 'GivenUp')
    given.addSubscription(new SqsSubscription(dead, { rawMessageDelivery: true }))

    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: {
        integration: new WebSocketLambdaIntegration('Enter', this.#handler('enter', connections)),
      },
      disconnectRouteOptions: {
        integration: new WebSocketLambdaIntegration('Leave', this.#handler('leave', connections)),
      },
    })
    const say = this.#handler('say', connections)
    messages.grantWriteData(say.addEnvironment('MESSAGES', messages.tableName))
    api.addRoute('say', { integration: new WebSocketLambdaIntegration('Say', say) })
    const live = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })

    const [tell, farewell] = [this.#handler('tell', connections), this.#handler('farewell', connections)]
    for (const handler of [tell, farewell]) {
      handler.addEnvironment('ENDPOINT', live.callbackUrl)
      api.grantManageConnections(handler)
    }
    tell.addEventSource(
      new DynamoEventSource(messages as ITable, {
        startingPosition: StartingPosition.LATEST,
        batchSize: 10,
        bisectBatchOnError: true,
        retryAttempts: 2,
        onFailure: new SnsDlq(given),
        filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
      }),
    )
    farewell.addEventSource(
      new DynamoEventSource(connections as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('REMOVE'),
            userIdentity: { principalId: FilterRule.isEqual('dynamodb.amazonaws.com') },
          }),
        ],
      }),
    )

    new CfnOutput(this, 'Url', { value: live.url })
    new CfnOutput(this, 'DeadUrl', { value: dead.queueUrl })
    new CfnOutput(this, 'StreamArn', { value: messages.tableStreamArn! })
  }

  #handler(name: keyof typeof code, connections: Table): Lambda {
    const handler = new Lambda(this, name[0]!.toUpperCase() + name.slice(1), {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(code[name]),
      environment: { CONNECTIONS: connections.tableName },
    })
    connections.grantReadWriteData(handler)
    return handler
  }
}
