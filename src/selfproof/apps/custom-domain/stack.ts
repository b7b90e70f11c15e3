import { CfnOutput, Stack } from 'aws-cdk-lib'
import {
  ApiMapping,
  type CfnApi,
  DomainName,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53'
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets'
import type { Construct } from 'constructs'

/**
 * A WebSocket API with a name of its own, as the CDK's documentation has it: certificate, domain, record, and two mappings to the one
 * stage, with a key and without. The function posts to the client that asks it, at the address that the client names.
 */
export class NamedStack extends Stack {
  constructor(scope: Construct, id: string, { closed }: { closed: boolean }) {
    super(scope, id)
    const zone = new HostedZone(this, 'Zone', { zoneName: 'example.com' })
    const certificate = new Certificate(this, 'Certificate', {
      domainName: '*.example.com',
      validation: CertificateValidation.fromDns(zone),
    })
    const domainName = new DomainName(this, 'Domain', { domainName: 'ws.example.com', certificate })
    const { regionalDomainName, regionalHostedZoneId } = domainName
    new ARecord(this, 'Record', {
      zone,
      recordName: 'ws',
      target: RecordTarget.fromAlias(
        new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId),
      ),
    })

    const post = new Lambda(this, 'Post', {
      code: Code.fromInline(POST),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
    })
    const integration = new WebSocketLambdaIntegration('Post', post)
    const api = new WebSocketApi(this, 'Api')
    api.addRoute('$default', { integration, returnResponse: true })
    if (closed) (api.node.defaultChild as CfnApi).disableExecuteApiEndpoint = true
    const stage = new WebSocketStage(this, 'Live', {
      webSocketApi: api,
      stageName: 'live',
      autoDeploy: true,
      domainMapping: { domainName, mappingKey: 'chat' },
    })
    new ApiMapping(this, 'Bare', { api, domainName, stage })
    api.grantManageConnections(post)

    new CfnOutput(this, 'Named', { value: `wss://${domainName.name}` })
    new CfnOutput(this, 'Own', { value: stage.url })
    new CfnOutput(this, 'Regional', { value: regionalDomainName })
  }
}

/** `{"base": "/chat"}` → a post to `https://{domainName}/chat`; `{"host": "…"}` names another host. Answers how it went. */
const POST = `
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require('@aws-sdk/client-apigatewaymanagementapi')
exports.handler = async ({ body, requestContext: { domainName, stage, connectionId } }) => {
  const { base = '', host = domainName } = JSON.parse(body)
  const client = new ApiGatewayManagementApiClient({ endpoint: 'https://' + host + base })
  const posted = await client
    .send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: JSON.stringify({ post: base }) }))
    .then(() => 'posted', ({ name, message, $metadata }) => ({ name, message, status: $metadata && $metadata.httpStatusCode }))
  return { statusCode: 200, body: JSON.stringify({ domainName, stage, connectionId, posted }) }
}
`
