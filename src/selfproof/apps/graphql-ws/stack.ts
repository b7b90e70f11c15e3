import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { Construct } from 'constructs'

const here = fileURLToPath(new URL('.', import.meta.url))
const house = fileURLToPath(new URL('../../../../', import.meta.url))

/**
 * GraphQL over a WebSocket. Each type of message of graphql-transport-ws has a route. A subscriber is an item in a
 * table, and is told through @connections.
 */
export class GraphqlStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const table = new Table(this, 'Subscriptions', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    table.addGlobalSecondaryIndex({
      indexName: 'byRoom',
      partitionKey: { name: 'room', type: AttributeType.STRING },
    })

    const door = this.#handler('door', table)
    const protocol = this.#handler('protocol', table)
    const greets = new WebSocketLambdaIntegration('Door', door)
    const api = new WebSocketApi(this, 'Api', {
      routeSelectionExpression: '$request.body.type',
      connectRouteOptions: { integration: greets },
      disconnectRouteOptions: { integration: greets },
    })
    const speaks = new WebSocketLambdaIntegration('Protocol', protocol)
    for (const type of ['connection_init', 'ping', 'pong', 'subscribe', 'complete'])
      api.addRoute(type, { integration: speaks })
    const stage = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    protocol.addEnvironment('CALLBACK_URL', stage.callbackUrl)

    new CfnOutput(this, 'Url', { value: stage.url })

    // Who may do what, all in one place.
    table.grantReadWriteData(door)
    table.grantReadWriteData(protocol)
    stage.grantManagementApiAccess(protocol)
  }

  #handler(name: string, table: Table): NodejsFunction {
    return new NodejsFunction(this, name, {
      entry: join(here, 'handlers', `${name}.ts`),
      projectRoot: house,
      depsLockFilePath: join(house, 'package-lock.json'),
      runtime: Runtime.NODEJS_22_X,
      environment: { TABLE: table.tableName },
      timeout: Duration.seconds(10),
    })
  }
}
