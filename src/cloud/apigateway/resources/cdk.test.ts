import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { ContentHandling, PassthroughBehavior, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  WebSocketAwsIntegration,
  WebSocketLambdaIntegration,
  WebSocketMockIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda'
import { expect, onTestFinished, test } from 'vitest'
import { openStand } from '../stand.ts'

test('every kind of integration that CDK makes is run', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'wslab-cdk-'))
  onTestFinished(() => rmSync(outdir, { recursive: true }))
  const stack = new Stack(new App({ outdir }), 'Chat')
  const api = new WebSocketApi(stack, 'Api')
  const fn = new Fn(stack, 'Fn', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 })'),
  })
  const contentHandling = ContentHandling.CONVERT_TO_BINARY
  api.addRoute('fn', { integration: new WebSocketLambdaIntegration('F', fn, { contentHandling }) })
  api.addRoute('mock', {
    integration: new WebSocketMockIntegration('M', {
      requestTemplates: { $default: '{"statusCode":200}' },
      templateSelectionExpression: '\\$default',
    }),
    returnResponse: true,
  })
  api.addRoute('queue', {
    integration: new WebSocketAwsIntegration('A', {
      integrationUri: `arn:aws:apigateway:${stack.region}:sqs:path/${stack.account}/chat`,
      integrationMethod: 'POST',
      contentHandling,
      credentialsRole: new Role(stack, 'Role', {
        assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      }),
      passthroughBehavior: PassthroughBehavior.NEVER,
      requestParameters: {
        'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'",
      },
      requestTemplates: { $default: "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))" },
      templateSelectionExpression: '\\$default',
    }),
  })
  const stand = await openStand(undefined, { callAs: () => Promise.reject(new Error('not asked')) })
  const template = App.of(stack)!.synth().getStackByName('Chat').template

  const made = Object.values<any>(template.Resources).filter(
    ({ Type }) => Type === 'AWS::ApiGatewayV2::Integration',
  )
  expect(made.map(({ Properties }) => Properties.IntegrationType).sort()).toEqual([
    'AWS',
    'AWS_PROXY',
    'MOCK',
  ])
  for (const { Type, Properties } of made) {
    const { properties } = stand.gateway.resources.find(({ type }) => type === Type)!
    expect(Object.keys(Properties).filter(name => !(name in properties))).toEqual([])
    expect(stand.refusals('Integration', Properties)).toEqual([])
  }
})
