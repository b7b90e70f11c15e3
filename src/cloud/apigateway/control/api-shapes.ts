// A table of shapes: what API Gateway v2 answers for each kind of resource. A member that is undefined is not there.

import type { Account } from '../../account.ts'
import { domainNameOf } from '../core.ts'
import { isTrue } from '../resources/api.ts'
import type { Entry } from '../resources/ledger.ts'

/** An API (facts: H5). */
export const apiShape = ({ id, properties: p, createdAt }: Entry, account: Account) => ({
  apiEndpoint: `wss://${domainNameOf(id, account)}`,
  apiId: id,
  apiKeySelectionExpression: p.ApiKeySelectionExpression ?? '$request.header.x-api-key',
  createdDate: iso(createdAt),
  description: p.Description,
  disableExecuteApiEndpoint: isTrue(p.DisableExecuteApiEndpoint),
  disableSchemaValidation: flag(p.DisableSchemaValidation),
  ipAddressType: p.IpAddressType ?? 'ipv4',
  name: p.Name,
  protocolType: p.ProtocolType,
  routeSelectionExpression: p.RouteSelectionExpression,
  tags: p.Tags ?? {},
  version: p.Version,
})

/** A route. */
export const routeShape = ({ id, properties: p }: Entry) => ({
  apiKeyRequired: isTrue(p.ApiKeyRequired),
  authorizationType: p.AuthorizationType ?? 'NONE',
  authorizerId: p.AuthorizerId,
  modelSelectionExpression: p.ModelSelectionExpression,
  operationName: p.OperationName,
  requestModels: p.RequestModels,
  requestParameters: p.RequestParameters && constraints(p.RequestParameters),
  routeId: id,
  routeKey: p.RouteKey,
  routeResponseSelectionExpression: p.RouteResponseSelectionExpression,
  target: p.Target,
})

/** What makes a route two-way. */
export const routeResponseShape = ({ id, properties: p }: Entry) => ({
  modelSelectionExpression: p.ModelSelectionExpression,
  responseModels: p.ResponseModels,
  responseParameters: p.ResponseParameters && constraints(p.ResponseParameters),
  routeResponseId: id,
  routeResponseKey: p.RouteResponseKey,
})

/** An integration (facts: C11, C15). That an AWS type without a method shows POST is assumed. */
export const integrationShape = ({ id, properties: p }: Entry) => ({
  connectionId: p.ConnectionId,
  connectionType: p.ConnectionType ?? 'INTERNET',
  contentHandlingStrategy: p.ContentHandlingStrategy,
  credentialsArn: p.CredentialsArn,
  description: p.Description,
  integrationId: id,
  integrationMethod:
    p.IntegrationMethod ?? (String(p.IntegrationType).startsWith('AWS') ? 'POST' : undefined),
  integrationResponseSelectionExpression: /:lambda:path\//.test(String(p.IntegrationUri))
    ? '${integration.response.body.errorMessage}'
    : '${integration.response.statuscode}',
  integrationType: p.IntegrationType,
  integrationUri: p.IntegrationUri,
  passthroughBehavior: p.PassthroughBehavior ?? 'WHEN_NO_MATCH',
  payloadFormatVersion: p.PayloadFormatVersion ?? '1.0',
  requestParameters: p.RequestParameters,
  requestTemplates: p.RequestTemplates && texts(p.RequestTemplates),
  templateSelectionExpression: p.TemplateSelectionExpression,
  timeoutInMillis: Number(p.TimeoutInMillis ?? 29_000),
  tlsConfig: p.TlsConfig && { serverNameToVerify: p.TlsConfig.ServerNameToVerify },
})

/** A reply of a non-proxy integration. */
export const integrationResponseShape = ({ id, properties: p }: Entry) => ({
  contentHandlingStrategy: p.ContentHandlingStrategy,
  integrationResponseId: id,
  integrationResponseKey: p.IntegrationResponseKey,
  responseParameters: p.ResponseParameters,
  responseTemplates: p.ResponseTemplates && texts(p.ResponseTemplates),
  templateSelectionExpression: p.TemplateSelectionExpression,
})

/** A stage, and what it serves. */
export const stageShape = (
  { id, properties: p, createdAt }: Entry,
  served: {
    readonly deploymentId: string | undefined
    readonly message: string | undefined
    readonly changedAt: number
  },
) => ({
  accessLogSettings: p.AccessLogSettings && {
    destinationArn: String(p.AccessLogSettings.DestinationArn).replace(/:\*$/, ''),
    format: p.AccessLogSettings.Format,
  },
  autoDeploy: isTrue(p.AutoDeploy) ? true : undefined,
  createdDate: iso(createdAt),
  defaultRouteSettings: routeSettings(p.DefaultRouteSettings),
  deploymentId: served.deploymentId,
  description: p.Description,
  lastDeploymentStatusMessage: served.message,
  lastUpdatedDate: iso(served.changedAt),
  routeSettings: each(p.RouteSettings ?? {}, routeSettings),
  stageName: id,
  stageVariables: p.StageVariables ?? {},
  tags: p.Tags ?? {},
})

/** A deployment, which is always done here (facts: H19). */
export const deploymentShape = (
  deploymentId: string,
  createdAt: number,
  autoDeployed: boolean,
  description?: unknown,
) => ({
  autoDeployed,
  createdDate: iso(createdAt),
  deploymentId,
  deploymentStatus: 'DEPLOYED',
  description,
})

/** A Lambda authorizer (facts: F1, F5). */
export const authorizerShape = ({ id, properties: p }: Entry) => ({
  authorizerCredentialsArn: p.AuthorizerCredentialsArn,
  authorizerId: id,
  authorizerType: p.AuthorizerType,
  authorizerUri: p.AuthorizerUri,
  identitySource: [p.IdentitySource ?? []].flat(),
  name: p.Name,
})

/** A model, its schema as text. */
export const modelShape = ({ id, properties: p }: Entry) => ({
  contentType: p.ContentType ?? 'application/json',
  description: p.Description,
  modelId: id,
  name: p.Name,
  schema: text(p.Schema),
})

const routeSettings = (settings: any = {}) => ({
  dataTraceEnabled: isTrue(settings.DataTraceEnabled),
  detailedMetricsEnabled: isTrue(settings.DetailedMetricsEnabled),
  loggingLevel: settings.LoggingLevel ?? 'OFF',
  throttlingBurstLimit: number(settings.ThrottlingBurstLimit),
  throttlingRateLimit: number(settings.ThrottlingRateLimit),
})

const constraints = (parameters: object) =>
  each(parameters, (one: any) => ({ required: isTrue(one?.Required ?? one) }))

const texts = (templates: object) => each(templates, text)
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const number = (value: unknown) => (value === undefined ? undefined : Number(value))
const flag = (value: unknown) => (value === undefined ? undefined : isTrue(value))
const iso = (at: number) => new Date(at).toISOString()

const each = <T>(map: object, change: (value: any) => T) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
