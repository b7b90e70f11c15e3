/** The nouns of the kit: what labs and checks are written with. The only barrel in the house. */
export { type IamAction, iamActions } from '../actions/actions.ts'
export type {
  Client,
  Closed,
  ConnectOptions,
  Expected,
  Page,
  PageSource,
  Program,
  ProgramOptions,
  Scene,
  Signature,
} from '../probe/people.ts'
export { type Granted, Unmet } from '../probe/unmet.ts'
export type { Criterion, Diagnosis, Need, Where } from './criterion.ts'
export type { Lab } from './lab.ts'
export {
  type Assembly,
  DeployFailed,
  type Deployment,
  type Origin,
  type PolicyLines,
  type Settling,
  type Synthesis,
  type Target,
} from './target.ts'
export type { Finding, Outcome, Verdict } from './verdict.ts'
