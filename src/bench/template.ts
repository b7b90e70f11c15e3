import type { Template } from '../cloud/cloudformation/template.ts'

/** Two ways to answer: by the route's response, and by a post from the handler, as most apps do. */
const CODE = `
const { ApiGatewayManagementApi } = require('@aws-sdk/client-apigatewaymanagementapi')
let api
exports.handler = async ({ requestContext, body }) => {
  if (requestContext.routeKey !== 'post') return { statusCode: 200, body }
  api ??= new ApiGatewayManagementApi({ endpoint: 'https://' + requestContext.domainName + '/' + requestContext.stage })
  await api.postToConnection({ ConnectionId: requestContext.connectionId, Data: body })
  return { statusCode: 200 }
}`

const ref = (id: string) => ({ Ref: id })
const resource = (Type: string, Properties: Readonly<Record<string, unknown>>) => ({ Type, Properties })

/** A WebSocket API whose function echoes: route `echo` by a route response, route `post` by `postToConnection`. */
export const template: Template = {
  Resources: {
    Role: resource('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      Policies: [
        {
          PolicyName: 'Post',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'execute-api:ManageConnections',
                Resource: { 'Fn::Sub': 'arn:aws:execute-api:*:*:${Api}/*/*/@connections/*' },
              },
            ],
          },
        },
      ],
    }),
    Function: resource('AWS::Lambda::Function', {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: CODE },
    }),
    Permission: resource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref('Function'),
      Principal: 'apigateway.amazonaws.com',
    }),
    Api: resource('AWS::ApiGatewayV2::Api', {
      Name: 'bench',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
    Integration: resource('AWS::ApiGatewayV2::Integration', {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: {
        'Fn::Sub':
          'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations',
      },
    }),
    Echo: resource('AWS::ApiGatewayV2::Route', {
      ApiId: ref('Api'),
      RouteKey: 'echo',
      RouteResponseSelectionExpression: '$default',
      Target: { 'Fn::Sub': 'integrations/${Integration}' },
    }),
    EchoAnswer: resource('AWS::ApiGatewayV2::RouteResponse', {
      ApiId: ref('Api'),
      RouteId: ref('Echo'),
      RouteResponseKey: '$default',
    }),
    Post: resource('AWS::ApiGatewayV2::Route', {
      ApiId: ref('Api'),
      RouteKey: 'post',
      Target: { 'Fn::Sub': 'integrations/${Integration}' },
    }),
    Stage: resource('AWS::ApiGatewayV2::Stage', {
      ApiId: ref('Api'),
      StageName: 'live',
      AutoDeploy: true,
    }),
  },
}
