import { fileURLToPath } from 'node:url'
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Distribution } from 'aws-cdk-lib/aws-cloudfront'
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { Key } from 'aws-cdk-lib/aws-kms'
import { type CfnFunction, Code, Function as Lambda, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda'
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'

/** A chat with its web page beside it, and what else such stacks have that a chat can do without. */
export class LobbyStack extends Stack {
  readonly api: WebSocketApi

  constructor(scope: Construct, id: string) {
    super(scope, id)
    const echo = new Lambda(this, 'Echo', {
      code: Code.fromInline(ECHO),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    })
    this.api = new WebSocketApi(this, 'Api')
    const integration = (name: string, fn: Lambda) => ({
      integration: new WebSocketLambdaIntegration(name, fn),
    })
    this.api.addRoute('echo', integration('Echo', echo))
    const stage = new WebSocketStage(this, 'Live', {
      webSocketApi: this.api,
      stageName: 'live',
      autoDeploy: true,
    })
    new CfnOutput(this, 'Url', { value: stage.url })

    // CDK's own types are not written for `exactOptionalPropertyTypes`.
    const bucket = new Bucket(this, 'Page', { removalPolicy: RemovalPolicy.DESTROY }) as IBucket
    const site = new Distribution(this, 'Site', {
      defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(bucket) },
    })
    const page = fileURLToPath(new URL('./page', import.meta.url))
    new BucketDeployment(this, 'Upload', { sources: [Source.asset(page)], destinationBucket: bucket })
    new CfnOutput(this, 'PageUrl', { value: `https://${site.domainName}` })

    const address = new StringParameter(this, 'Address', { stringValue: stage.url })
    const seal = new Key(this, 'Seal', { removalPolicy: RemovalPolicy.DESTROY })
    const audit = new Lambda(this, 'Audit', {
      code: Code.fromInline('def handler(event:, context:) = { statusCode: 200 }'),
      handler: 'index.handler',
      runtime: new Runtime('ruby3.3', RuntimeFamily.RUBY, { supportsInlineCode: true }),
    })
    this.api.addRoute('audit', integration('Audit', audit))
    // It wants a package that is in AWS's runtime, and not among this project's.
    const speak = new Lambda(this, 'Speak', {
      code: Code.fromInline("require('@aws-sdk/client-polly')"),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    })
    this.api.addRoute('speak', integration('Speak', speak))
    // A function of Node's, with a setting that is not supported here.
    const nightly = new Lambda(this, 'Nightly', {
      code: Code.fromInline('exports.handler = async () => {}'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    })
    ;(nightly.node.defaultChild as CfnFunction).fileSystemConfigs = [
      {
        arn: 'arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0',
        localMountPath: '/mnt/x',
      },
    ]

    this.api.grantManageConnections(echo)
    bucket.grantRead(echo)
    address.grantRead(echo)
    seal.grantDecrypt(echo)
  }
}

const ECHO = `
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
exports.handler = async ({ body, requestContext: { domainName, stage, connectionId } }) => {
  const api = new ApiGatewayManagementApi({ endpoint: 'https://' + domainName + '/' + stage })
  await api.postToConnection({ ConnectionId: connectionId, Data: JSON.parse(body).text })
  return { statusCode: 200 }
}
`
