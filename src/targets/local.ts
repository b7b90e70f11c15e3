import { type Assembly, DeployFailed, type Deployment, NotSupportedHere, type Target } from '#kit'
import { type Account, defaultAccount } from '../cloud/account.ts'
import { movableClock, stillClock } from '../cloud/clock.ts'
import { type Cloud, startCloud } from '../cloud/cloud.ts'
import { AssemblyProblem, NotThere } from '../cloud/cloudformation/assembly.ts'
import type { AssemblyChoice } from '../cloud/cloudformation/deploy-assembly.ts'
import type { Stack } from '../cloud/cloudformation/describe.ts'
import type { StackEvent } from '../cloud/cloudformation/history.ts'
import { refusalLine } from '../cloud/cloudformation/refusals.ts'
import { StackFailed } from '../cloud/cloudformation/stacks.ts'
import { Unsupported } from '../cloud/cloudformation/survey.ts'
import { TemplateProblem } from '../cloud/cloudformation/template.ts'
import { AwsError } from '../cloud/error.ts'
import type { Guardian } from '../cloud/guardian.ts'
import { isLack } from '../cloud/lack.ts'
import { NESTED_STACK } from './nested.ts'

/** The local cloud as a target. It stays up between deployments. */
export interface LocalTarget extends Target {
  readonly cloud: Cloud
  /**
   * Deploys stacks of any CDK cloud assembly. Answers with what was left out, a line each. Throws `DeployFailed`,
   * `Unsupported` with all that cannot be run, and `NotThere` for a folder or stack that is not there.
   */
  deployAll(directory: string, choice: AssemblyChoice): Promise<readonly string[]>
  /** The stacks that are up, their outputs as they are reached from here. */
  deployed(): readonly { readonly stackName: string; readonly outputs: Readonly<Record<string, string>> }[]
  stop(): Promise<void>
}

/** How long to wait for something that should come, in milliseconds: a slow cold start here takes a second or two. */
const PATIENCE = 6_000

/** How a local target may differ from the ordinary. */
export interface LocalOptions {
  readonly apiPort?: number
  readonly account?: Account
  /** The clock stands still unless it is moved: what is counted by the second can then be counted out. */
  readonly isClockStopped?: boolean
  /** Where functions of old runtimes find the AWS SDK v2. */
  readonly oldSdk?: string | undefined
  /** Milliseconds until IAM has heard of other policies: 0, unless given. */
  readonly iamLag?: number
  /** Ids that user pools and app clients of stacks are to have again, by `Stack/LogicalId`. */
  readonly knownIds?: ReadonlyMap<string, string>
}

/**
 * Starts a local cloud.
 *
 * @throws the system's error (`EADDRINUSE`) when `apiPort` is taken.
 */
export async function localTarget(
  guardian: Guardian,
  {
    apiPort = 0,
    account = defaultAccount,
    isClockStopped = false,
    iamLag = 0,
    oldSdk,
    knownIds = new Map(),
  }: LocalOptions = {},
): Promise<LocalTarget> {
  const clock = isClockStopped ? stillClock() : movableClock()
  const cloud = await startCloud({
    guardian,
    account,
    apiPort,
    clock,
    iamLag,
    oldSdk,
    knownIds,
    onFault: report,
  })

  return {
    name: 'local',
    can: new Set(['clock', 'domain']),
    cloud,
    async deploy({ directory, stackName }: Assembly): Promise<Deployment> {
      const { stacks } = await blamingTheStack(cloud.deploy(directory, { stacks: [stackName] }))
      const stack = stacks.find(one => one.stackName === stackName)
      if (!stack) throw new Error(`The assembly was deployed, but ${stackName} was not in it.`)
      return {
        outputs: outputsOf(stack, cloud),
        resources: resourcesOf(stack, cloud.stacks.list()),
        aws: { region: cloud.account.region, endpoint: cloud.endpoint, credentials: cloud.credentials },
        accountId: cloud.account.accountId,
        apiHosts: apiHosts(stack, cloud),
        patience: PATIENCE,
        advanceClock: cloud.clock.advance,
        settled: cloud.settled,
        lackedSince: cloud.lackedSince,
        atRest: signal => cloud.atRest(PATIENCE, signal),
        spread: cloud.spread,
        destroy: () => cloud.stacks.delete(stackName),
      }
    },
    async deployAll(directory, choice) {
      const { stacks, leftOut } = await blamingTheStack(cloud.deploy(directory, choice), [
        Unsupported,
        NotThere,
      ])
      if (stacks.length === 0) {
        throw new DeployFailed({
          reason: 'There is nothing left that the local cloud can run.',
          evidence: leftOut,
        })
      }
      return leftOut
    },
    deployed: () =>
      cloud.stacks
        .list()
        // A nested stack's outputs are for the stack around it.
        .filter(({ parentId }) => parentId === undefined)
        .map(stack => ({ stackName: stack.stackName, outputs: outputsOf(stack, cloud) })),
    stop: cloud.stop,
  }
}

/** An error of the cloud's own, which a caller has only been told of in passing. */
function report(error: unknown): void {
  if (process.env.DEBUG?.includes('wslab')) console.error('The local cloud failed:', error)
}

/** What a stack and those that are nested in it are made of. */
function resourcesOf(stack: Stack, all: readonly Stack[]): Deployment['resources'] {
  return stack.resources.flatMap(({ logicalId, type, physicalId }) => {
    const nested = type === NESTED_STACK && all.find(one => one.stackId === physicalId)
    return [{ logicalId, type, physicalId }, ...(nested ? resourcesOf(nested, all) : [])]
  })
}

const outputsOf = (stack: Stack, cloud: Cloud): Record<string, string> =>
  Object.fromEntries(stack.outputs.map(({ key, value }) => [key, cloud.toLocal(value)]))

/** An address that was made a local one is of something here. */
const apiHosts = (stack: Stack, cloud: Cloud): string[] =>
  stack.outputs
    .map(({ value }) => ({ value, local: cloud.toLocal(value) }))
    .filter(({ value, local }) => local !== value && URL.canParse(local))
    .map(({ local }) => new URL(local).host)

/**
 * What is wrong with the assembly or a template is the stack's fault, and what the local cloud has not is nobody's. What
 * the caller asks to be told is passed on; anything else is ours.
 */
async function blamingTheStack<T>(
  deploying: Promise<T>,
  told: readonly (new (...given: any[]) => Error)[] = [],
): Promise<T> {
  try {
    return await deploying
  } catch (error) {
    if (told.some(kind => error instanceof kind)) throw error
    if (error instanceof Unsupported) throw refused(error)
    if (error instanceof StackFailed && isLack(error.cause)) {
      throw new NotSupportedHere([error.message], error.logicalId)
    }
    // A resource type that throws anything but a refusal of AWS's has a fault of its own: ours.
    if (error instanceof StackFailed && error.cause !== undefined && !(error.cause instanceof AwsError))
      throw error
    if (error instanceof StackFailed) {
      throw new DeployFailed({
        ...(error.logicalId ? { logicalId: error.logicalId } : {}),
        reason: error.message,
        evidence: error.events.filter(event => event.resourceStatusReason).map(inOneLine),
      })
    }
    if (error instanceof TemplateProblem || error instanceof AssemblyProblem)
      throw new DeployFailed({ reason: error.message })
    throw error
  }
}

/** What AWS refuses is certain, so it comes first; what only the local cloud cannot run may be all right. */
function refused({ refusals, lines }: Unsupported): DeployFailed | NotSupportedHere {
  const [first, ...more] = refusals.filter(one => one.byAws)
  if (!first) return new NotSupportedHere(lines, refusals[0]?.logicalId)
  return new DeployFailed({
    ...(first.logicalId ? { logicalId: first.logicalId } : {}),
    reason: `AWS does not accept ${refusalLine(first)}`,
    evidence: more.map(refusalLine),
  })
}

const inOneLine = ({ logicalResourceId, resourceStatus, resourceStatusReason }: StackEvent): string =>
  `${resourceStatus} ${logicalResourceId}: ${resourceStatusReason}`
