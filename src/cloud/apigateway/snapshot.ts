import type {
  ApiKeySource,
  Authorizer,
  Integration,
  IntegrationResponse,
  Passthrough,
  Route,
} from './definition.ts'
import type { Template } from './integrations/mapping-template.ts'
import type { Declared, RequestParameter, ResponseParameter } from './integrations/request-parameters.ts'
import type { Selection, Sources } from './messages/selection-expression.ts'

/** An API as it was when it was deployed, ready to run (facts: H1). */
export interface Snapshot {
  readonly deploymentId: string
  readonly revision: number
  /** Nobody may use the default endpoint (facts: A50). */
  readonly disabled: boolean
  /** Where a client's API key is looked for (facts: F23). */
  readonly apiKeySource: ApiKeySource
  readonly selectRoute: Selection
  readonly routes: ReadonlyMap<string, DeployedRoute>
}

export interface DeployedRoute {
  readonly routeKey: string
  readonly integration?: DeployedIntegration | undefined
  /** Whether the integration's answer goes to the client (facts: C2). */
  readonly twoWay: boolean
  /** Whether a message does not fit its model, and a way to learn why; absent when the route has no models. */
  readonly refuses?: ((sources: Sources) => (() => string) | undefined) | undefined
  readonly requestParameters: Declared
  readonly authorizationType: Route['authorizationType']
  readonly authorizer?: Authorizer | undefined
  /** Whether only who has an API key of a usage plan may come in (facts: F23). */
  readonly apiKeyRequired: boolean
}

export type DeployedIntegration = Omit<Integration, 'templates' | 'responses' | 'parameters'> & {
  readonly request: TemplateChoice
  readonly parameters: readonly RequestParameter[]
  readonly responses: readonly DeployedResponse[]
}

export type DeployedResponse = Omit<IntegrationResponse, 'templates' | 'parameters'> & {
  readonly choice: TemplateChoice
  readonly parameters: readonly ResponseParameter[]
}

/** Compiled templates, and how to treat a message for which none was found. */
export interface TemplateChoice {
  readonly select: Selection
  readonly templates: ReadonlyMap<string, Template>
  readonly passthrough: Passthrough
}
