import type { ApiSettings, Authorizer, Integration, Model, Route, StageSettings } from './definition.ts'
import type { Snapshot } from './snapshot.ts'
import type { Throttle } from './throttle.ts'

/** A WebSocket API as it is being edited. What clients meet is a stage's snapshot of it (facts: H1). */
export interface Api {
  readonly apiId: string
  settings: ApiSettings
  /** All by id. Members are replaced, never changed, so that a snapshot may share them. */
  readonly routes: Map<string, Route>
  readonly integrations: Map<string, Integration>
  readonly models: Map<string, Model>
  readonly authorizers: Map<string, Authorizer>
  readonly deployments: Map<string, Snapshot>
  /** By name. */
  readonly stages: Map<string, Stage>
  /** Counts the changes, for stages that deploy by themselves. */
  revision: number
}

export interface Stage {
  readonly stageName: string
  settings: StageSettings
  /** What a stage that does not deploy by itself serves, or one that does served last. */
  deployed?: Snapshot | undefined
  /** By route key; emptied when the settings change. */
  readonly throttles: Map<string, Throttle>
}

/** All APIs, by id. */
export type Apis = Map<string, Api>
