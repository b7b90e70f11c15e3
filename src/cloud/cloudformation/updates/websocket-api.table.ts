import type { UpdateRow, UpdateTable } from './update-row.ts'

/** The SDK shows a property under its own name. */
const same = (property: string, value: unknown, more: Partial<UpdateRow> = {}): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
  shows: { [property]: value },
  ...more,
})
const unseen = (property: string, value: unknown): UpdateRow => ({
  property,
  does: 'no interruption',
  change: { [property]: value },
})
/** Whatever belongs to an API is made anew in another one. */
const otherApi: UpdateRow = {
  property: 'ApiId',
  does: 'replacement',
  change: ({ OtherApiId }) => ({ ApiId: OtherApiId }),
}

const SELECTION = '$request.body.action'

/** AWS::ApiGatewayV2::Api. */
export const api: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Api',
  base: { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: SELECTION },
  rows: [
    same('Name', 'talk'),
    same('RouteSelectionExpression', '$request.body.type'),
    same('ApiKeySelectionExpression', '$context.authorizer.usageIdentifierKey'),
    same('Description', 'x'),
    same('DisableExecuteApiEndpoint', true),
    same('DisableSchemaValidation', true),
    same('IpAddressType', 'dualstack'),
    same('Tags', { a: 'b' }),
    same('Version', '2'),
    unseen('FailOnWarnings', true),
  ],
}

/** AWS::ApiGatewayV2::Integration. */
export const integration: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Integration',
  base: ({ ApiId }) => ({ ApiId, IntegrationType: 'MOCK' }),
  rows: [
    otherApi,
    same('IntegrationType', 'HTTP_PROXY', {
      change: {
        IntegrationType: 'HTTP_PROXY',
        IntegrationUri: 'https://example.com',
        IntegrationMethod: 'POST',
      },
    }),
    same('IntegrationMethod', 'PUT', {
      from: { IntegrationType: 'HTTP', IntegrationUri: 'https://example.com', IntegrationMethod: 'POST' },
    }),
    same('IntegrationUri', 'https://example.org', {
      from: { IntegrationType: 'HTTP', IntegrationUri: 'https://example.com', IntegrationMethod: 'POST' },
    }),
    {
      property: 'CredentialsArn',
      does: 'no interruption',
      change: ({ RoleArn }) => ({ CredentialsArn: RoleArn }),
      shows: ({ RoleArn }) => ({ CredentialsArn: RoleArn }),
    },
    same('TimeoutInMillis', 1000),
    same('PassthroughBehavior', 'NEVER'),
    same(
      'RequestParameters',
      { 'integration.request.header.x': "'y'" },
      {
        from: { IntegrationType: 'HTTP', IntegrationUri: 'https://example.com', IntegrationMethod: 'POST' },
      },
    ),
    same('RequestTemplates', { $default: '{"statusCode":200}' }),
    same('TemplateSelectionExpression', '\\$default'),
    same('ContentHandlingStrategy', 'CONVERT_TO_TEXT'),
    same('PayloadFormatVersion', '1.0'),
    same('ConnectionType', 'INTERNET'),
    same('Description', 'x'),
  ],
}

/** AWS::ApiGatewayV2::Route. */
export const route: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Route',
  base: ({ ApiId }) => ({ ApiId, RouteKey: 'say' }),
  rows: [
    otherApi,
    same('RouteKey', 'tell'),
    {
      property: 'Target',
      does: 'no interruption',
      change: ({ IntegrationId }) => ({ Target: `integrations/${IntegrationId}` }),
      shows: ({ IntegrationId }) => ({ Target: `integrations/${IntegrationId}` }),
    },
    same('AuthorizationType', 'AWS_IAM', { from: { RouteKey: '$connect' } }),
    {
      property: 'AuthorizerId',
      does: 'no interruption',
      from: { RouteKey: '$connect' },
      change: ({ AuthorizerId }) => ({ AuthorizationType: 'CUSTOM', AuthorizerId }),
      shows: ({ AuthorizerId }) => ({ AuthorizerId: AuthorizerId }),
    },
    same('ApiKeyRequired', true, { from: { RouteKey: '$connect' } }),
    same('RouteResponseSelectionExpression', '$default'),
    same('ModelSelectionExpression', SELECTION),
    same('RequestModels', { $default: 'Said' }),
    same(
      'RequestParameters',
      { 'route.request.querystring.room': { Required: true } },
      {
        from: { RouteKey: '$connect' },
        change: { RequestParameters: { 'route.request.querystring.room': { Required: true } } },
      },
    ),
    same('OperationName', 'x'),
  ],
}

/** AWS::ApiGatewayV2::RouteResponse. Its key is always `$default`. */
export const routeResponse: UpdateTable = {
  type: 'AWS::ApiGatewayV2::RouteResponse',
  base: ({ ApiId, RouteId }) => ({ ApiId, RouteId, RouteResponseKey: '$default' }),
  rows: [
    {
      property: 'ApiId',
      does: 'replacement',
      change: ({ OtherApiId, OtherRouteId }) => ({ ApiId: OtherApiId, RouteId: OtherRouteId }),
    },
    {
      property: 'RouteId',
      does: 'replacement',
      change: ({ SecondRouteId }) => ({ RouteId: SecondRouteId }),
    },
    unseen('ResponseParameters', { 'route.response.header.x': { Required: false } }),
  ],
}

/** AWS::ApiGatewayV2::IntegrationResponse. */
export const integrationResponse: UpdateTable = {
  type: 'AWS::ApiGatewayV2::IntegrationResponse',
  base: ({ ApiId, IntegrationId }) => ({ ApiId, IntegrationId, IntegrationResponseKey: '$default' }),
  rows: [
    {
      property: 'ApiId',
      does: 'replacement',
      change: ({ OtherApiId, OtherIntegrationId }) => ({
        ApiId: OtherApiId,
        IntegrationId: OtherIntegrationId,
      }),
    },
    {
      property: 'IntegrationId',
      does: 'replacement',
      change: ({ SecondIntegrationId }) => ({ IntegrationId: SecondIntegrationId }),
    },
    same('IntegrationResponseKey', '/200/'),
    same('ResponseTemplates', { $default: 'x' }),
    same('TemplateSelectionExpression', '\\$default'),
    same('ContentHandlingStrategy', 'CONVERT_TO_TEXT'),
  ],
}

/** AWS::ApiGatewayV2::Model. */
export const model: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Model',
  base: ({ ApiId }) => ({ ApiId, Name: 'Heard', Schema: { type: 'object' } }),
  rows: [
    otherApi,
    same('Name', 'Seen'),
    same('Schema', '{"type":"array"}', { change: { Schema: { type: 'array' } } }),
    same('ContentType', 'application/json'),
    same('Description', 'x'),
  ],
}

/** AWS::ApiGatewayV2::Authorizer. */
export const authorizer: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Authorizer',
  base: ({ ApiId, AuthorizerUri }) => ({
    ApiId,
    Name: 'guard',
    AuthorizerType: 'REQUEST',
    AuthorizerUri,
    IdentitySource: ['route.request.querystring.token'],
  }),
  rows: [
    otherApi,
    same('Name', 'porter'),
    {
      property: 'AuthorizerUri',
      does: 'no interruption',
      change: ({ OtherAuthorizerUri }) => ({ AuthorizerUri: OtherAuthorizerUri }),
      shows: ({ OtherAuthorizerUri }) => ({ AuthorizerUri: OtherAuthorizerUri }),
    },
    {
      property: 'AuthorizerCredentialsArn',
      does: 'no interruption',
      change: ({ RoleArn }) => ({ AuthorizerCredentialsArn: RoleArn }),
      shows: ({ RoleArn }) => ({ AuthorizerCredentialsArn: RoleArn }),
    },
    same('IdentitySource', ['route.request.header.Authorization']),
    unseen('AuthorizerResultTtlInSeconds', 0),
  ],
}

/** AWS::ApiGatewayV2::Stage. */
export const stage: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Stage',
  base: ({ ApiId }) => ({ ApiId, StageName: 'dev' }),
  rows: [
    { ...otherApi, change: ({ OtherApiId }) => ({ ApiId: OtherApiId, StageName: 'other' }) },
    same('StageName', 'live', { does: 'replacement' }),
    same('AutoDeploy', true),
    {
      property: 'DeploymentId',
      does: 'no interruption',
      change: ({ DeploymentId }) => ({ DeploymentId }),
      shows: ({ DeploymentId }) => ({ DeploymentId: DeploymentId }),
    },
    same('StageVariables', { a: 'b' }),
    same(
      'DefaultRouteSettings',
      { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 5 },
      {
        change: { DefaultRouteSettings: { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 5 } },
      },
    ),
    unseen('RouteSettings', { first: { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 } }),
    {
      property: 'AccessLogSettings',
      does: 'no interruption',
      change: ({ LogGroupArn }) => ({
        AccessLogSettings: { DestinationArn: LogGroupArn, Format: '$context.requestId' },
      }),
      shows: { AccessLogSettings: { Format: '$context.requestId' } },
    },
    same('Description', 'x'),
    same('Tags', { a: 'b' }),
  ],
}

/** AWS::ApiGatewayV2::Deployment. */
export const deployment: UpdateTable = {
  type: 'AWS::ApiGatewayV2::Deployment',
  base: ({ ApiId }) => ({ ApiId }),
  rows: [{ ...otherApi, change: ({ OtherApiId }) => ({ ApiId: OtherApiId }) }, same('Description', 'x')],
}
