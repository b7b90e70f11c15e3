// For tests alone: what the rows of the update tables refer to.
import type { Template } from '../template.ts'

const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['lambda.amazonaws.com', 'apigateway.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    },
  ],
}
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trust,
    ManagedPolicyArns: [{ Ref: 'Everything' }],
  },
}
const plainRole = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } }
const lambda = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: 'exports.handler = async () => 1' },
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: { 'Fn::GetAtt': ['Doer', 'Arn'] },
  },
}
const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  },
}
const api = {
  Type: 'AWS::ApiGatewayV2::Api',
  Properties: {
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  },
}
const of = (type: string, more: object = {}, apiName = 'Api') => ({
  Type: `AWS::ApiGatewayV2::${type}`,
  Properties: { ApiId: { Ref: apiName }, ...more },
})
const uri = (name: string) => ({
  'Fn::Sub': `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`,
})
const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] })

const values = {
  RoleName: { Ref: 'Role' },
  RoleArn: arn('Doer'),
  OtherRoleName: { Ref: 'OtherRole' },
  OtherRoleArn: arn('OtherDoer'),
  ManagedArn: { Ref: 'Everything' },
  FunctionArn: arn('Function'),
  OtherFunctionArn: arn('OtherFunction'),
  VersionOne: { 'Fn::GetAtt': ['Version', 'Version'] },
  LayerArn: { Ref: 'Layer' },
  QueueUrl: { Ref: 'Queue' },
  QueueArn: arn('Queue'),
  OtherQueueUrl: { Ref: 'OtherQueue' },
  OtherQueueArn: arn('OtherQueue'),
  TopicArn: { Ref: 'Topic' },
  OtherTopicArn: { Ref: 'OtherTopic' },
  StreamArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
  OtherStreamArn: { 'Fn::GetAtt': ['OtherTable', 'StreamArn'] },
  LogGroupArn: arn('LogGroup'),
  ApiId: { Ref: 'Api' },
  OtherApiId: { Ref: 'OtherApi' },
  IntegrationId: { Ref: 'Integration' },
  SecondIntegrationId: { Ref: 'SecondIntegration' },
  OtherIntegrationId: { Ref: 'OtherIntegration' },
  RouteId: { Ref: 'Route' },
  SecondRouteId: { Ref: 'SecondRoute' },
  OtherRouteId: { Ref: 'OtherRoute' },
  AuthorizerId: { Ref: 'Authorizer' },
  AuthorizerUri: uri('Function'),
  OtherAuthorizerUri: uri('OtherFunction'),
  DeploymentId: { Ref: 'Deployment' },
  UserPoolId: { Ref: 'Pool' },
  OtherUserPoolId: { Ref: 'OtherPool' },
}

/** Two of nearly everything. Its outputs are their names and ARNs. */
export const supportTemplate: Template = {
  Resources: {
    Everything: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: everything } },
    Doer: role,
    OtherDoer: role,
    Role: plainRole,
    OtherRole: plainRole,
    Function: lambda,
    OtherFunction: lambda,
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
    Layer: {
      Type: 'AWS::Lambda::LayerVersion',
      Properties: { Content: { S3Bucket: 'layers', S3Key: 'first' } },
    },
    Queue: { Type: 'AWS::SQS::Queue' },
    OtherQueue: { Type: 'AWS::SQS::Queue' },
    Topic: { Type: 'AWS::SNS::Topic' },
    OtherTopic: { Type: 'AWS::SNS::Topic' },
    Table: table,
    OtherTable: table,
    LogGroup: { Type: 'AWS::Logs::LogGroup' },
    Api: api,
    OtherApi: api,
    Integration: of('Integration', { IntegrationType: 'MOCK' }),
    SecondIntegration: of('Integration', { IntegrationType: 'MOCK' }),
    OtherIntegration: of('Integration', { IntegrationType: 'MOCK' }, 'OtherApi'),
    Route: of('Route', { RouteKey: 'first', RouteResponseSelectionExpression: '$default' }),
    SecondRoute: of('Route', { RouteKey: 'second', RouteResponseSelectionExpression: '$default' }),
    OtherRoute: of('Route', { RouteKey: 'first', RouteResponseSelectionExpression: '$default' }, 'OtherApi'),
    Said: of('Model', { Name: 'Said', Schema: { type: 'object' } }),
    Authorizer: of('Authorizer', {
      Name: 'guard-of-all',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: uri('Function'),
      IdentitySource: ['route.request.querystring.token'],
    }),
    Account: { Type: 'AWS::ApiGateway::Account', Properties: { CloudWatchRoleArn: arn('Doer') } },
    Deployment: { ...of('Deployment'), DependsOn: ['Route', 'SecondRoute'] },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
    OtherPool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
  },
  Outputs: Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])),
}
