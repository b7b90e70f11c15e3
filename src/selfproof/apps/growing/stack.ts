import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Code, Function as Lambda, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/**
 * One stack in its versions. The second says something else, has a route more, an index more on one table and another
 * key on the other. The third changes as much, and asks for a layer that nobody has ever made.
 */
export class GrowingStack extends Stack {
  constructor(scope: Construct, id: string, { version }: { version: string }) {
    super(scope, id)
    const isFirst = version === '1'
    const notes = new Table(this, 'Notes', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })
    if (!isFirst) {
      const partitionKey = { name: 'author', type: AttributeType.STRING }
      notes.addGlobalSecondaryIndex({ indexName: 'byAuthor', partitionKey })
    }
    const visits = new Table(this, 'Visits', {
      partitionKey: { name: isFirst ? 'day' : 'week', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    })

    const tell = new Lambda(this, 'Tell', {
      code: Code.fromInline(TELL),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      environment: { VERSION: version },
    })
    const api = new WebSocketApi(this, 'Api')
    const integration = new WebSocketLambdaIntegration('Tell', tell)
    api.addRoute('$default', { integration, returnResponse: true })
    if (!isFirst) api.addRoute('more', { integration, returnResponse: true })
    const stage = new WebSocketStage(this, 'Live', { webSocketApi: api, stageName: 'live', autoDeploy: true })
    if (version === '3') this.#cannotBe()

    new CfnOutput(this, 'Url', { value: stage.url })
    new CfnOutput(this, 'NotesTable', { value: notes.tableName })
    new CfnOutput(this, 'VisitsTable', { value: visits.tableName })
  }

  #cannotBe(): void {
    const role = new Role(this, 'LateRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    })
    const arn = `arn:aws:lambda:${this.region}:${this.account}:layer:never-made:1`
    new Lambda(this, 'Late', {
      role,
      code: Code.fromInline('exports.handler = async () => {}'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      layers: [LayerVersion.fromLayerVersionArn(this, 'NeverMade', arn)],
    })
  }
}

const TELL = `
exports.handler = async ({ requestContext: { routeKey } }) => ({
  statusCode: 200,
  body: JSON.stringify({ version: process.env.VERSION, routeKey }),
})
`
