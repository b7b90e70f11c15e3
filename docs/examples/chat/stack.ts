import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/** A chat with one room. People give their name when they connect; a message goes to everybody else. */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    const table = new Table(this, 'Connections', {
      partitionKey: { name: 'connectionId', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const handler = new Lambda(this, 'Handler', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'chat.handler',
      code: Code.fromAsset('handlers'),
      environment: { TABLE: table.tableName },
    })
    table.grantReadWriteData(handler)

    const integration = new WebSocketLambdaIntegration('Integration', handler)
    const api = new WebSocketApi(this, 'Api', {
      connectRouteOptions: { integration },
      disconnectRouteOptions: { integration },
    })
    api.addRoute('say', { integration })
    api.grantManageConnections(handler)
    const stage = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })

    new CfnOutput(this, 'Url', { value: stage.url })
    new CfnOutput(this, 'TableName', { value: table.tableName })
  }
}
