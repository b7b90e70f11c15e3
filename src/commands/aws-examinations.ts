import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { labs } from '../../labs/index.ts'
import type { Identity } from '../targets/aws/account.ts'
import { attendeeOf, type Hand, handIn, howToDestroy, stackCalled } from '../targets/aws/hand.ts'
import { stackNameOf } from '../targets/aws/names.ts'
import { AwsTrouble } from '../targets/aws/trouble.ts'
import { attendeeFor, manifest, openAccount } from './aws.ts'
import type { Diagnosis, Examination } from './examinations.ts'
import type { Session } from './session.ts'
import type { CommandLine } from './usage.ts'

const execute = promisify(execFile)
const require = createRequire(import.meta.url)

/** What only somebody else can give: permissions and quotas. */
const THEIRS = /^(not-allowed|limit)$/

/** Everything that a check needs of an account, beside what it needs of a machine. Nothing is made there. */
export function awsExaminations(flags: CommandLine['flags'], session: Session): readonly Examination[] {
  let hand: Hand | undefined
  const withAccount = (examine: (hand: Hand) => Promise<Diagnosis>) => async (): Promise<Diagnosis> => {
    if (!hand) return { kind: 'optional', says: 'not looked at: the account comes first' }
    return cured(() => examine(hand!))
  }

  return [
    { name: 'the CDK', examine: cdk },
    {
      name: 'the account',
      examine: () =>
        cured(async () => {
          const account = await openAccount(flags, session)
          const identity = await account.startsAs()
          hand = handIn(account, identity, manifest)
          const at = account.endpoint ? `, at ${account.endpoint}` : ''
          return { kind: 'ready', says: `${identity.accountId}, ${identity.region}${at}` }
        }),
    },
    {
      name: 'who you are there',
      examine: withAccount(async ({ identity }) => ({
        kind: 'ready',
        says: `${identity.principal}, whose stacks are called ${stackNameOf('<lab>', attendeeFor(flags, identity))}`,
      })),
    },
    {
      name: 'CloudFormation',
      examine: withAccount(async mine => {
        const up = await stacksUp(mine, flags)
        if (up.length === 0) return { kind: 'ready', says: 'none of your labs is up' }
        const cure = up.map(one => howToDestroy(one)).join('\n')
        return { kind: 'optional', says: `up, and costing: ${up.map(one => one.stackName).join(', ')}`, cure }
      }),
    },
    {
      name: 'S3',
      examine: withAccount(async ({ account, buckets, identity }) => {
        const all = await account.told(buckets.list())
        const attendee = attendeeFor(flags, identity)
        const found = all.filter(one => one.attendee === attendee).map(({ name }) => name)
        return {
          kind: 'ready',
          says: found.length > 0 ? `your bucket is ${found.join(', ')}` : 'no bucket of yours',
        }
      }),
    },
  ]
}

/** The account's answer, or what stands in the way as something that can be cured. */
async function cured(examine: () => Promise<Diagnosis>): Promise<Diagnosis> {
  try {
    return await examine()
  } catch (error) {
    if (!(error instanceof AwsTrouble)) throw error
    const kind = THEIRS.test(error.kind) ? 'theirs' : 'yours'
    return { kind, says: error.message, cure: error.next }
  }
}

async function cdk(): Promise<Diagnosis> {
  const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk')
  try {
    const { stdout } = await execute(process.execPath, [cli, '--version'])
    return { kind: 'ready', says: stdout.trim() }
  } catch (error) {
    const says = `does not run: ${(error as Error).message.split('\n')[0]}`
    return { kind: 'yours', says, cure: 'Install again: npm ci' }
  }
}

async function stacksUp(hand: Hand, flags: CommandLine['flags']) {
  const attendee = attendeeFor(flags, hand.identity)
  const { profile, region } = hand.account
  const { accountId }: Identity = hand.identity
  const up = []
  for (const { id: lab } of labs) {
    const stackName = stackNameOf(lab, attendee)
    const stack = await stackCalled(hand, stackName)
    if (!stack || attendeeOf(stack) !== attendee) continue
    up.push({
      version: 1 as const,
      lab,
      stackName,
      attendee,
      accountId,
      region,
      profile,
      bucket: '',
      since: '',
    })
  }
  return up
}
