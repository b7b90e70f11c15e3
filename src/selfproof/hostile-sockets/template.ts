import type { Template } from '../../cloud/cloudformation/template.ts'

const CODE = `exports.handler = async ({ requestContext, body }) => {
  if (requestContext.routeKey === 'slow') await new Promise(resolve => setTimeout(resolve, 200))
  const answers = { big: 'x'.repeat(100000), who: requestContext.connectionId }
  return { statusCode: 200, body: answers[requestContext.routeKey] ?? body }
}`

const at = (api: string) => ({ ApiId: { Ref: api } })

/** However many come at once, no more processes than this are started for them. */
const PROCESSES = 20

const lambda = (api: string, name: string, properties: object) => ({
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: CODE },
      ...properties,
    },
  },
  [`${name}Permission`]: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [name, 'Arn'] },
      Principal: 'apigateway.amazonaws.com',
    },
  },
  [`${name}Proxy`]: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ...at(api),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: {
        'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`,
      },
    },
  },
})

const route = (api: string, integration: string, key: string, answers = true) => ({
  [`${api}${key.replace('$', '')}`]: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ...at(api),
      RouteKey: key,
      Target: { 'Fn::Sub': `integrations/\${${integration}}` },
      ...(answers && { RouteResponseSelectionExpression: '$default' }),
    },
  },
  ...(answers && {
    [`${api}${key.replace('$', '')}Answer`]: {
      Type: 'AWS::ApiGatewayV2::RouteResponse',
      Properties: {
        ...at(api),
        RouteId: { Ref: `${api}${key.replace('$', '')}` },
        RouteResponseKey: '$default',
      },
    },
  }),
})

const api = (name: string) => ({
  [name]: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: name,
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    },
  },
  [`${name}Live`]: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ...at(name), StageName: 'live', AutoDeploy: true },
  },
})

/**
 * What is attacked: `Quiet`, an API without functions that answers `{}` to everything, and `Busy`, where
 * a function is behind every route: a slow one, of which there are few, and one for everything that a bystander needs too.
 */
export const template: Template = {
  Resources: {
    ...api('Quiet'),
    QuietMock: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ...at('Quiet'),
        IntegrationType: 'MOCK',
        RequestTemplates: { $default: '{"statusCode":200}' },
        TemplateSelectionExpression: '\\$default',
      },
    },
    QuietMockAnswer: {
      Type: 'AWS::ApiGatewayV2::IntegrationResponse',
      Properties: {
        ...at('Quiet'),
        IntegrationId: { Ref: 'QuietMock' },
        IntegrationResponseKey: '$default',
        ResponseTemplates: { $default: '{}' },
      },
    },
    ...route('Quiet', 'QuietMock', '$default'),

    ...api('Busy'),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    ...lambda('Busy', 'Slow', { ReservedConcurrentExecutions: PROCESSES }),
    ...lambda('Busy', 'Quick', {}),
    ...route('Busy', 'QuickProxy', '$connect', false),
    ...route('Busy', 'QuickProxy', '$disconnect', false),
    ...route('Busy', 'QuickProxy', 'echo'),
    ...route('Busy', 'SlowProxy', 'big'),
    ...route('Busy', 'QuickProxy', 'who'),
    ...route('Busy', 'SlowProxy', 'slow', false),
  },
  Outputs: {
    Quiet: { Value: { 'Fn::Sub': 'wss://${Quiet}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live' } },
    Busy: { Value: { 'Fn::Sub': 'wss://${Busy}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live' } },
    Callback: { Value: { 'Fn::Sub': 'https://${Busy}.execute-api.${AWS::Region}.${AWS::URLSuffix}/live' } },
  },
}
