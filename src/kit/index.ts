/** The nouns of the kit: what labs and checks are written with. The only barrel in the house. */

export { type IamAction, iamActions } from '../actions/actions.ts'
export { fairTimeout } from '../machine/fair-timer.ts'
export { type AwkwardOptions, awkward, named, textsOfJson } from '../probe/awkward.ts'
export { type Changed, howItCame, howItChanged, textsIn } from '../probe/how-it-changed.ts'
export type {
  Client,
  Closed,
  ConnectOptions,
  Crowd,
  Expected,
  Page,
  PageSource,
  Program,
  ProgramOptions,
  Scene,
  Signature,
  Together,
} from '../probe/people.ts'
export { shortened, visible } from '../probe/shortened.ts'
export { notATextAtAll, type Unexpected, unexpectedMessages } from '../probe/unexpected.ts'
export { type Granted, Unmet } from '../probe/unmet.ts'
export type { Criterion, Diagnosis, Need, Where } from './criterion.ts'
export { hasFault, type Lab, type Tries } from './lab.ts'
export {
  type Assembly,
  type Context,
  DeployFailed,
  type Deployment,
  NotSupportedHere,
  type Origin,
  type PolicyLines,
  type Settling,
  type Spread,
  type Synthesis,
  type Target,
} from './target.ts'
export type { Finding, Outcome, Verdict } from './verdict.ts'
