import type { Throttling } from './throttle.ts'

export interface ApiSettings {
  readonly name: string
  readonly routeSelectionExpression: string
  readonly disableExecuteApiEndpoint: boolean
  readonly apiKeySource: ApiKeySource
}

/** The header `x-api-key`, or what the authorizer says (facts: F23). */
export type ApiKeySource = 'header' | 'authorizer'

export interface Route {
  readonly routeId: string
  readonly routeKey: string
  readonly integrationId?: string | undefined
  readonly authorizationType: 'NONE' | 'AWS_IAM' | 'CUSTOM'
  readonly authorizerId?: string | undefined
  readonly apiKeyRequired: boolean
  readonly modelSelectionExpression?: string | undefined
  /** Selection key → name of a model. */
  readonly requestModels?: Readonly<Record<string, string>> | undefined
  /** `route.request.querystring.token` → whether a handshake must have it. What is not here cannot be mapped (facts: C20). */
  readonly requestParameters?: ReadonlyMap<string, boolean> | undefined
  readonly routeResponseSelectionExpression?: string | undefined
  /** Route response id → its key. */
  readonly responses: ReadonlyMap<string, string>
}

export interface Integration {
  readonly integrationId: string
  readonly type: IntegrationType
  readonly uri?: string | undefined
  /** Of the request to the backend; `ANY` stands for GET on `$connect` and POST elsewhere (assumed). */
  readonly method: string
  readonly credentialsArn?: string | undefined
  /** Milliseconds, 50 to 29,000. */
  readonly timeout: number
  readonly templates: Templates
  readonly passthrough: Passthrough
  /** `integration.request.header.name` → where its value comes from (facts: C20). A proxied function and a mock are not sent any. */
  readonly parameters: Readonly<Record<string, string>>
  /** The client's text is base64, and the backend is given what it stands for (facts: C23). */
  readonly decodes: boolean
  /** By integration response id. */
  readonly responses: ReadonlyMap<string, IntegrationResponse>
}

/** Which backend there is, and how much is passed to it as it is (facts: C15). */
export type IntegrationType = 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK'

export type Passthrough = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER'

export interface IntegrationResponse {
  /** `$default`, or a regular expression between slashes for the status or the error message (facts: C10, C11). */
  readonly key: string
  readonly templates: Templates
  /** `route.response.header.name` → where its value comes from. */
  readonly parameters: Readonly<Record<string, string>>
  /** The client is sent the backend's bytes as base64 text (facts: C23). */
  readonly encodes: boolean
}

/** Mapping templates by selection key, and the expression that picks one (facts: C12). */
export interface Templates {
  readonly selection?: string | undefined
  readonly texts: Readonly<Record<string, string>>
}

export interface Model {
  readonly modelId: string
  readonly name: string
  /** JSON Schema, draft 4 (facts: B16). */
  readonly schema: unknown
}

export interface Authorizer {
  readonly authorizerId: string
  readonly uri: string
  readonly credentialsArn?: string | undefined
  /** Such as `route.request.querystring.token` (facts: F5). */
  readonly identitySources: readonly string[]
}

export interface StageSettings {
  readonly autoDeploy: boolean
  readonly variables: Readonly<Record<string, string>>
  readonly throttling: Throttling
  /** By route key. */
  readonly routeThrottling: Readonly<Record<string, Throttling>>
  readonly accessLog?: { readonly group: string; readonly format: string } | undefined
  /** The routes that are counted one by one: all, or some by key. */
  readonly detailedMetrics: { readonly all: boolean; readonly routes: ReadonlySet<string> }
  readonly logging: Logging
  /** By route key. */
  readonly routeLogging: Readonly<Record<string, Logging>>
}

/** How much of its work on a request API Gateway writes down (facts: H13). */
export interface Logging {
  readonly level: 'OFF' | 'ERROR' | 'INFO'
  /** Headers and bodies too. */
  readonly dataTrace: boolean
}
