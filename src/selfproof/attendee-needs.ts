import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { Lab } from '#kit'
import type { Cloud } from '../cloud/cloud.ts'
import type { Guardian } from '../cloud/guardian.ts'
import type { PolicyDocument } from '../cloud/iam/policy.ts'
import { fixesOf, labelOfFix } from '../fixes/fixes.ts'
import { handInOf, layOut } from '../fixes/lay-out.ts'
import { type Assembler, assemble, onItsOwn } from '../run/assemble.ts'
import { check } from '../run/check.ts'
import { sharedAssembler } from '../run/shared-assembler.ts'
import { findSource } from '../run/source.ts'
import { workspace } from '../run/workspace.ts'
import type { Hand } from '../targets/aws/hand.ts'
import { labsTarget } from '../targets/aws/labs.ts'
import { newBucketName, stackNameOf } from '../targets/aws/names.ts'
import { distinct, type Need, needOf } from '../targets/aws/need.ts'
import { sweep } from '../targets/aws/sweep.ts'
import { localTarget } from '../targets/local.ts'
import { lendTo, NAME, rightsIn } from './attendee.ts'
import { borrowAccount } from './borrowed-account.ts'
import { enter } from './enter.ts'

/** Their proofs have seen to the types of all labs and fixes. */
const untyped: Pick<Assembler, 'typecheck'> = { async typecheck() {} }

/** For finding out what is needed: everything may be done. */
const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
}

/**
 * What attendees need to check and destroy labs with `--target aws`. Each starter and then, over it, its solution is checked in a borrowed account
 * as by an attendee, and destroyed: what IAM was asked about them is needed. Besides, every fix that passes is deployed: what making, changing and
 * deleting its resources would ask is needed too.
 *
 * From then on this process, and what it starts, reaches nothing but that account, which is gone: it is for a command that ends with this.
 */
export async function attendeeNeeds(
  labs: readonly Lab[],
  guardian: Guardian,
  tell: (text: string) => void,
): Promise<readonly Need[]> {
  const ofFixes: Need[] = []
  for (const lab of labs) {
    tell(`${lab.id}: looking at its fixes\n`)
    ofFixes.push(...(await neededByFixes(lab, guardian)))
  }
  return distinct([...(await neededByChecks(labs, guardian, tell)), ...ofFixes])
}

async function neededByChecks(
  labs: readonly Lab[],
  guardian: Guardian,
  tell: (text: string) => void,
): Promise<readonly Need[]> {
  const borrowed = await borrowAccount()
  const { cloud } = borrowed
  const all = await lendTo([EVERYTHING], borrowed)
  const { hand, stop } = await enter(borrowed)
  const target = labsTarget(hand, {
    ...{ attendee: NAME, guardian, keep: true, tell: () => {} },
    directory: guardian.temporaryFolder('wslab-cdk-'),
    home: guardian.temporaryFolder('wslab-cdk-home-'),
  })
  const assembler = { ...onItsOwn(guardian), ...untyped }
  const needs: Need[] = []
  try {
    for (const lab of labs) {
      const before = all.length
      // What a broken promise keeps from being asked would go unnoted: a solution that is not whole over a starter is made afresh.
      for (const kind of ['starter', 'solution', 'solution'] as const) {
        tell(`${lab.id}: checking the ${kind} as an attendee\n`)
        let isKept = true
        for await (const { verdict, id, observed } of check(lab, { kind }, target, guardian, assembler)) {
          if (verdict === 'error') throw new Error(`${lab.id}, ${id}: ${observed}`)
          isKept &&= verdict !== 'fail'
        }
        if (kind === 'solution' && isKept) break
        if (kind === 'solution') await removed(hand, lab)
      }
      const stackName = stackNameOf(lab.id, NAME)
      if (!cloud.stacks.list().some(one => one.stackName === stackName))
        throw new Error(`${lab.id}: the solution breaks a promise`)
      const rights = rightsIn(stackName, cloud)
      await leaveLogsBehind(stackName, cloud)
      await removed(hand, lab)
      const asked = [...all.slice(before), ...rights]
      needs.push(...asked.map(one => needOf(one, cloud.account, lab.id)))
    }
    return needs
  } finally {
    stop()
    await borrowed.stop()
  }
}

async function removed(hand: Hand, lab: Lab): Promise<void> {
  for await (const { fate, what } of sweep(hand, await hand.manifest.read(), [lab.id])) {
    if (fate !== 'deleted') throw new Error(`${what}: ${fate}`)
  }
}

/** Lambda makes a log group for a function that has none: one that the kit's guard has not seen, which `destroy` finds all the same. */
async function leaveLogsBehind(stackName: string, cloud: Cloud): Promise<void> {
  const { region } = cloud.account
  const { credentials, endpoint, stacks } = cloud
  const client = new CloudWatchLogsClient({ region, endpoint, credentials })
  for (const { type, physicalId } of stacks.describe(stackName).resources) {
    if (type !== 'AWS::Lambda::Function') continue
    await client.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${physicalId}` }))
  }
  client.destroy()
}

async function neededByFixes(lab: Lab, guardian: Guardian): Promise<readonly Need[]> {
  // A fix that needs more than every machine has (a cache, and a VPC for it) is not what a course is about.
  const fixes = fixesOf(lab).filter(({ kind, lacks, needs }) => kind === 'right' && !lacks && !needs)
  const shared = sharedAssembler(lab, [], guardian)
  const assembler = { ...shared, ...untyped }
  const target = await localTarget(guardian)
  const { accountId, region } = target.cloud.account
  const assetBucket = newBucketName(accountId, region, NAME)
  try {
    const needs: Need[] = []
    for (const fix of fixes) {
      const folder = workspace(guardian, lab.id)
      const laidOut = workspace(guardian, fix.name)
      await layOut(fix, laidOut)
      const source = await findSource(lab, handInOf(fix, laidOut), folder)
      const as = { stackName: stackNameOf(lab.id, NAME), assetBucket }
      const { assembly } = await assemble(source, lab, folder, guardian, assembler, as)
      const deployment = await target.deploy(assembly)
      const asked = rightsIn(assembly.stackName, target.cloud)
      needs.push(...asked.map(one => needOf(one, target.cloud.account, labelOfFix(fix))))
      await deployment.destroy()
      guardian.removeFolder(folder)
      guardian.removeFolder(laidOut)
    }
    return needs
  } finally {
    shared.stop()
    await target.stop()
  }
}
