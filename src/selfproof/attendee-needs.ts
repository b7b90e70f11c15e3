import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { Lab } from '#kit'
import type { Cloud } from '../cloud/cloud.ts'
import { accessesFor } from '../cloud/cloudformation/rights.ts'
import type { Guardian } from '../cloud/guardian.ts'
import type { PolicyDocument } from '../cloud/iam/policy.ts'
import { assemble } from '../run/assemble.ts'
import { check } from '../run/check.ts'
import { house } from '../run/house.ts'
import { sharedAssembler } from '../run/shared-assembler.ts'
import { type Choice, findSource, labelOf } from '../run/source.ts'
import { workspace } from '../run/workspace.ts'
import { newBucketName, stackNameOf } from '../targets/aws/names.ts'
import { type Asked, distinct, type Need, needOf } from '../targets/aws/need.ts'
import { sweep } from '../targets/aws/sweep.ts'
import { localTarget } from '../targets/local.ts'
import { attendeeWith, atWork, NAME } from './attendee.ts'

/** For finding out what is needed: everything may be done. */
const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
}

/**
 * What attendees need to check and destroy labs with `--target aws`. Each starter and then, over it, its solution is checked in the local
 * cloud as by an attendee, and destroyed: what IAM was asked about them is needed. Then every fix that passes is deployed: what making, changing and
 * deleting its resources would ask is needed too.
 */
export async function attendeeNeeds(
  labs: readonly Lab[],
  guardian: Guardian,
  tell: (text: string) => void,
): Promise<readonly Need[]> {
  const needs: Need[] = []
  const attendee = await attendeeWith([EVERYTHING], guardian)
  const { hand, target, stop } = await atWork(attendee, guardian)
  try {
    for (const lab of labs) {
      const before = attendee.asked().length
      for (const choice of [{ kind: 'starter' }, { kind: 'solution' }] as const) {
        tell(`${lab.id}: checking the ${choice.kind} as an attendee\n`)
        for await (const finding of check(lab, choice, target, guardian)) {
          if (finding.verdict === 'error') throw new Error(`${lab.id}, ${finding.id}: ${finding.observed}`)
          // What a broken promise keeps from being asked would go unnoted.
          if (finding.verdict === 'fail' && choice.kind === 'solution') {
            tell(`  not kept here: ${finding.id}: ${finding.observed}\n`)
          }
        }
      }
      const stackName = stackNameOf(lab.id, NAME)
      const rights = rightsIn(stackName, attendee.cloud)
      await leaveLogsBehind(stackName, attendee.cloud)
      const made = await hand.manifest.read()
      for await (const { fate, what } of sweep(hand, made, [lab.id])) {
        if (fate !== 'deleted') throw new Error(`${what}: ${fate}`)
      }
      const asked = [...attendee.asked().slice(before), ...rights]
      needs.push(...asked.map(one => needOf(one, attendee.place, lab.id)))
    }
  } finally {
    stop()
    await attendee.stop()
  }
  for (const lab of labs) {
    tell(`${lab.id}: looking at its fixes\n`)
    needs.push(...(await neededByFixes(lab, guardian)))
  }
  return distinct(needs)
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
  const room = join(house, 'checks', lab.id, 'right')
  const fixes: Choice[] = (existsSync(room) ? readdirSync(room) : []).map(name => ({
    kind: 'from',
    directory: join(room, name),
    given: `checks/${lab.id}/right/${name}`,
  }))
  const assembler = sharedAssembler(lab, fixes, guardian)
  const target = await localTarget(guardian)
  const { accountId, region } = target.cloud.account
  const assetBucket = newBucketName(accountId, region, NAME)
  try {
    const needs: Need[] = []
    for (const fix of fixes) {
      const folder = workspace(guardian, lab.id)
      const source = await findSource(lab, fix, folder)
      const as = { stackName: stackNameOf(lab.id, NAME), assetBucket }
      const { assembly } = await assemble(source, lab, folder, guardian, assembler, as)
      const deployment = await target.deploy(assembly)
      const asked = rightsIn(assembly.stackName, target.cloud)
      needs.push(...asked.map(one => needOf(one, target.cloud.account, labelOf(fix))))
      await deployment.destroy()
      guardian.removeFolder(folder)
    }
    return needs
  } finally {
    assembler.stop()
    await target.stop()
  }
}

/** What making, changing, tagging and deleting the resources of a stack would ask. */
export function rightsIn(stackName: string, { account, stacks, types }: Cloud): readonly Asked[] {
  return stacks.describe(stackName).resources.flatMap(({ type, physicalId, properties }) => {
    const { rights, update } = types.find(one => one.type === type)!
    // What it is called is the end of what it is known by: `arn:…:policy/Name`, `https://…/Name`.
    const inventName = () => physicalId.split(/[/:]/).at(-1)!
    const subject = { account, properties, tags: { wslab: 'true' }, inventName }
    return [
      ...accessesFor(rights, 'create', subject),
      ...(update ? accessesFor(rights, 'update', { ...subject, physicalId, before: {} }) : []),
      ...accessesFor(rights, 'delete', { ...subject, physicalId }),
    ]
  })
}
