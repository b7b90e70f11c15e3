import { setTimeout as pause } from 'node:timers/promises'
import type { Stack } from '@aws-sdk/client-cloudformation'
import { type Assembly, DeployFailed, type Deployment, type Target } from '#kit'
import type { Guardian } from '../../cloud/guardian.ts'
import { cdkDeploy } from './cdk.ts'
import { clearBucket, clearStack } from './clear.ts'
import { refuseLeftovers } from './guard.ts'
import { attendeeOf, type Hand, howToDestroy, stackCalled } from './hand.ts'
import type { Made } from './manifest.ts'
import { stackNameOf, tagsOf } from './names.ts'
import { clearedAway, deleteStack, deploymentOf } from './stack.ts'
import { AwsTrouble } from './trouble.ts'
import { whenMade } from './wait.ts'
import { whyNotUp } from './why-not.ts'

/** An account in which labs are checked. */
export interface LabsTarget extends Target {
  readonly name: 'aws'
  /** What has been deployed and neither destroyed nor kept. */
  unfinished(): readonly Made[]
  /** What has been kept, how to talk to it, and how to be rid of it. */
  whatStays(): string
  /** Ends what is under way, and begins to clear away what is unfinished. For somebody who was interrupted. */
  abandon(): Promise<void>
}

/** How labs are deployed. */
export interface LabsOptions {
  readonly attendee: string
  readonly guardian: Guardian
  /** A folder for the CDK to stand in. */
  readonly directory: string
  /** Where the CDK may keep what it likes to remember. */
  readonly home: string
  /** Leaves what is deployed up when the check is over. */
  readonly keep?: boolean
  /** Tells those who wait why they wait. */
  tell(text: string): void
}

/** How late IAM is, in milliseconds: on AWS mostly seconds. An endpoint of one's own is told apart by its haste. */
const ON_AWS = { within: 120_000, window: 40_000, every: 5_000 }
const AT_AN_ENDPOINT = { within: 15_000, window: 2_000, every: 500 }

/** How often to deploy again when AWS was asked too often, IAM was late, or the bucket went. */
const ATTEMPTS = 3

/** The control plane of API Gateway takes ten calls a second for the whole account (facts: G11). */
const THROTTLED = /Rate exceeded|TooManyRequests|Throttling|Too Many Requests/i
/** A role that has just been made is not known everywhere yet. */
const TOO_EARLY =
  /role defined for the function cannot be assumed|execution role does not have permissions to call/i

/** Another check of the same attendee has ended meanwhile, and taken the bucket along. */
const WITHOUT_BUCKET = /No bucket named/i

/** A stack that can neither be updated nor is of use to anybody. */
const STUCK =
  /^(ROLLBACK_|CREATE_FAILED|DELETE_FAILED|UPDATE_FAILED|UPDATE_ROLLBACK_FAILED|REVIEW_IN_PROGRESS)/

/** An account as a target for labs: deployed by the CDK's own command line, with nothing left when they are destroyed. */
export function labsTarget(hand: Hand, options: LabsOptions): LabsTarget {
  const { account, identity, buckets, manifest } = hand
  const { attendee, tell } = options
  const planned = new Map<string, Made>()
  const underWay = new Map<string, Made>()
  const kept: { readonly made: Made; readonly outputs: Deployment['outputs'] }[] = []
  const abandoned = new AbortController()

  return {
    name: 'aws',
    can: new Set(),
    settling: { ...(account.endpoint === undefined ? ON_AWS : AT_AN_ENDPOINT), tell },
    async synthesis(lab) {
      const stackName = stackNameOf(lab, attendee)
      const bucket = await account.told(buckets.nameFor(attendee))
      const { profile, region, endpoint } = account
      const { accountId } = identity
      const since = new Date().toISOString()
      planned.set(stackName, {
        version: 1,
        ...{ lab, stackName, attendee, accountId, region, profile, bucket, since },
        ...(endpoint !== undefined && { endpoint }),
      })
      return { stackName, tags: tagsOf(attendee, Date.now()), assetBucket: bucket }
    },
    async deploy(assembly) {
      refuseLeftovers(assembly)
      const made = planned.get(assembly.stackName)
      if (!made) throw new Error(`${assembly.stackName} was not synthesized for this account.`)
      await clearTheWay(made)
      // From here on somebody else could finish what we began.
      await manifest.note(made)
      underWay.set(made.stackName, made)
      await account.told(buckets.make(made.bucket, attendee))
      const stack = await bringUp(assembly, made)
      const deployment = await deploymentOf(account, stack, identity.accountId, () => destroy(made))
      if (!options.keep) return deployment
      underWay.delete(made.stackName)
      kept.push({ made, outputs: deployment.outputs })
      return { ...deployment, async destroy() {} }
    },
    whatStays: () =>
      kept
        .map(({ made, outputs }) =>
          [
            `\n${made.stackName} stays up in ${made.region}.`,
            ...Object.entries(outputs).map(([name, value]) => `  ${name} = ${value}`),
            outputs.Url ? `\n  npx wscat -c ${outputs.Url}` : '',
            `\nIt costs money until you remove it:\n  ${howToDestroy(made)}\n`,
          ].join('\n'),
        )
        .join(''),
    unfinished: () => [...underWay.values()],
    async abandon() {
      abandoned.abort()
      await Promise.all([...underWay.values()].map(destroy))
    },
  }

  /** Nothing of that name may be there but what we have made, and that only if something can be made of it. */
  async function clearTheWay(made: Made): Promise<void> {
    const stack = await stackCalled(hand, made.stackName)
    if (!stack) return
    const { StackId: stackId = '', StackStatus: status = '' } = stack
    const isNoted = (await manifest.read()).some(one => manifest.fileOf(one) === manifest.fileOf(made))
    if (attendeeOf(stack) !== made.attendee || !(isNoted || STUCK.test(status))) throw stackExists(made)
    if (STUCK.test(status)) {
      tell(`The stack ${made.stackName} is stuck (${status}), and is replaced.\n`)
      return deleteStack(account, { stackId, stackName: made.stackName, howToDelete: howToDestroy(made) })
    }
    if (!status.endsWith('_IN_PROGRESS')) return
    tell(`The stack ${made.stackName} is ${status}: waiting until that is over.\n`)
    await account.told(whenMade(account.cloudFormation, stackId, account.pace))
    return clearTheWay(made)
  }

  /** Deploys, again where the trouble was one that passes. A stack that could not be made is cleared away. */
  async function bringUp(assembly: Assembly, made: Made): Promise<Stack> {
    for (let attempt = 1; ; attempt++) {
      const before = await stackCalled(hand, made.stackName)
      const place = { ...options, account, signal: abandoned.signal }
      const run = await cdkDeploy(assembly.directory, made.stackName, place)
      if (abandoned.signal.aborted) throw new Error('The deployment was interrupted.')
      const after = await stackCalled(hand, made.stackName)
      if (run.code === 0 && after) return after

      const trouble = await whyNotUp(account, made.stackName, run, before, after)
      const isNew = !before || after?.StackId !== before.StackId
      // What was up before an update is up again.
      const whole = isNew ? await giveUp(made, trouble) : trouble
      const passing = passes(trouble)
      if (!passing || attempt === ATTEMPTS) throw whole
      tell(`${passing}: trying again (${attempt} of ${ATTEMPTS - 1}).\n`)
      await pause(account.pace.most * (0.5 + Math.random()))
      await manifest.note(made)
      underWay.set(made.stackName, made)
      await account.told(buckets.make(made.bucket, attendee))
    }
  }

  /** Removes what has not become anything. Where that cannot be done, the trouble says so too. */
  async function giveUp(made: Made, trouble: DeployFailed | AwsTrouble): Promise<DeployFailed | AwsTrouble> {
    if (trouble instanceof DeployFailed) return clearedAway(trouble, destroy(made))
    await destroy(made)
    return trouble
  }

  /** Removes the stack, and with the last one the bucket. Throws `AwsTrouble` with what is still there. */
  async function destroy(made: Made): Promise<void> {
    underWay.delete(made.stackName)
    const cleared = [...(await clearStack(hand, made))]
    const others = (await manifest.read()).filter(
      one => one.bucket === made.bucket && one.stackName !== made.stackName,
    )
    if (others.length === 0) cleared.push(...(await clearBucket(hand, made.bucket)))
    const failed = cleared.filter(({ fate }) => fate === 'failed')
    if (failed.length > 0) {
      throw new AwsTrouble(
        'left-behind',
        failed.map(({ what, because }) => `The ${what} may still be there: ${because}`).join('\n'),
        `Look at it, and then remove it with \`${howToDestroy(made)}\`.`,
      )
    }
    await manifest.strike(made)
  }
}

const passes = ({ message }: Error): string | undefined =>
  THROTTLED.test(message)
    ? 'AWS was asked too often'
    : TOO_EARLY.test(message)
      ? 'IAM does not know a new role everywhere yet'
      : WITHOUT_BUCKET.test(message)
        ? 'another check has removed the bucket'
        : undefined

const stackExists = (made: Made): AwsTrouble =>
  new AwsTrouble(
    'stack-exists',
    `There is a stack ${made.stackName} in ${made.region} already, which was not made from this folder, and it is not touched.`,
    `If it is yours, remove it with \`${howToDestroy(made)}\`. If several people share your profile, give each a name with --attendee.`,
  )
