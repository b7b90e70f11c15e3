import type { Api } from './api.ts'
import { serving } from './deploy.ts'

/** A stage and the routes that it serves, as they were when they were deployed (facts: H1). */
export interface ServedStage {
  readonly apiId: string
  readonly stageName: string
  /** Undefined: nothing has been deployed to it. */
  readonly deploymentId?: string
  readonly routes: readonly ServedRoute[]
}

/** A route of a deployment, with the members that API Gateway's own GetRoutes and GetIntegrations have. */
export interface ServedRoute {
  readonly routeKey: string
  readonly authorizationType: string
  /** Where it leads: an integration's URI, or its type where it has none. */
  readonly leadsTo?: string
  /** Whether the integration's answer goes to the client. */
  readonly twoWay: boolean
}

/** Reads the snapshots that the stages of an API serve. */
export const servedOf = (api: Api): readonly ServedStage[] =>
  [...api.stages.values()].map(stage => {
    const snapshot = serving(api, stage)
    return {
      apiId: api.apiId,
      stageName: stage.stageName,
      ...(snapshot && { deploymentId: snapshot.deploymentId }),
      routes: [...(snapshot?.routes.values() ?? [])].map(
        ({ routeKey, authorizationType, integration, twoWay }) => {
          const leadsTo = integration?.uri ?? integration?.type
          return { routeKey, authorizationType, twoWay, ...(leadsTo !== undefined && { leadsTo }) }
        },
      ),
    }
  })
