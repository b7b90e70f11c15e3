import { fileURLToPath } from 'node:url'
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import {
  CfnApi,
  CfnDeployment,
  CfnIntegration,
  CfnRoute,
  CfnRouteResponse,
  CfnStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Runtime } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

/** The actions of each release. The function of the release answers all of them. */
const RELEASES: Readonly<Record<string, readonly string[]>> = {
  1: ['say', 'whoami'],
  2: ['say', 'whoami', 'spell'],
}

/**
 * Lab 9: a service in two releases, on two stages.
 *
 *   $connect  welcome  lets everybody in
 *   say       words    says a text back, and since release 2 also from whom it came
 *   whoami    words    tells clients who they are, and on which stage
 *   spell     words    since release 2: answers with the letters of a text
 *
 * The context tells which release is on which stage. `cdk deploy` puts release 1 on both, as cdk.json says.
 * `cdk deploy -c preview=2` puts release 2 on preview and leaves live as it is, `cdk deploy -c live=2 -c preview=2` puts
 * release 2 on both.
 */
export class WordsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props)
    const live: string = this.node.getContext('live')
    const preview: string = this.node.getContext('preview')
    const newest = preview > live ? preview : live

    const api = new CfnApi(this, 'Api', {
      name: 'words',
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '$request.body.action',
    })

    // A release that is on a stage needs its function, also when there is a newer one.
    const functions = new Map(Object.keys(RELEASES).map(release => [release, this.functionOf(release, api)]))

    // The API itself has the routes of the newest release, and all that belongs to them.
    const routes = new Construct(this, 'Routes')
    const welcome = new CfnIntegration(routes, 'Welcome', {
      apiId: api.ref,
      // Everybody may come in, and no function has to say so.
      integrationType: 'MOCK',
      templateSelectionExpression: '200',
      requestTemplates: { 200: '{"statusCode":200}' },
    })
    const connect = new CfnRoute(routes, 'Connect', {
      apiId: api.ref,
      routeKey: '$connect',
      target: `integrations/${welcome.ref}`,
    })
    const words = new CfnIntegration(routes, 'Words', {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationUri: `arn:${this.partition}:apigateway:${this.region}:lambda:path/2015-03-31/functions/${functions.get(newest)!.functionArn}/invocations`,
    })
    for (const action of RELEASES[newest]!) {
      const route = new CfnRoute(routes, action, {
        apiId: api.ref,
        routeKey: action,
        target: `integrations/${words.ref}`,
        routeResponseSelectionExpression: '$default',
      })
      new CfnRouteResponse(routes, `${action}Response`, {
        apiId: api.ref,
        routeId: route.ref,
        routeResponseKey: '$default',
      })
    }

    // CloudFormation: "At least one route is required before deploying the Api." So it waits for one.
    const deployment = new CfnDeployment(this, 'Deployment', { apiId: api.ref })
    deployment.addDependency(connect)

    // A cost brake: a client that loops is stopped here, not on the bill.
    const throttle = { throttlingRateLimit: 20, throttlingBurstLimit: 20 }
    const onLive = new CfnStage(this, 'Live', {
      apiId: api.ref,
      stageName: 'live',
      deploymentId: deployment.ref,
      defaultRouteSettings: throttle,
    })
    const onPreview = new CfnStage(this, 'Preview', {
      apiId: api.ref,
      stageName: 'preview',
      deploymentId: deployment.ref,
      defaultRouteSettings: throttle,
      // Those who try out a release come and go all day: no limit for them.
      routeSettings: { $connect: { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } },
    })

    new CfnOutput(this, 'Url', { value: `${api.attrApiEndpoint}/${onLive.ref}` })
    new CfnOutput(this, 'PreviewUrl', { value: `${api.attrApiEndpoint}/${onPreview.ref}` })
  }

  private functionOf(release: string, api: CfnApi): NodejsFunction {
    const answers = new NodejsFunction(this, `Release${release}`, {
      entry: fileURLToPath(new URL(`handlers/release-${release}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 256,
      timeout: Duration.seconds(10),
      logGroup: new LogGroup(this, `Release${release}Logs`, {
        // Lambda's own log groups never expire, and outlive the stack.
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    })
    answers.addPermission('ForTheApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.formatArn({ service: 'execute-api', resource: api.ref, resourceName: '*' }),
    })
    return answers
  }
}
