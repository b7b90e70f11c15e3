import { visible } from '#kit'
import { labs } from '../../labs/index.ts'
import { exitCode } from '../report/exit-code.ts'
import { type AwsAccount, awsAccount, type Identity } from '../targets/aws/account.ts'
import { type Hand, handIn } from '../targets/aws/hand.ts'
import type { Made } from '../targets/aws/manifest.ts'
import { stackNameOf } from '../targets/aws/names.ts'
import { madeByAnybody, sweep } from '../targets/aws/sweep.ts'
import { attendeeFor, awsOptions, manifest } from './aws.ts'
import { agreed } from './consent.ts'
import { type Session, withSession } from './session.ts'
import { troubleInWords } from './trouble.ts'
import { type Command, type CommandLine, labNamed, WrongUsage } from './usage.ts'

/** Removes what the kit has made in an account, and nothing else. */
export const destroy: Command = {
  synopsis: '<lab>|--all [--profile NAME [--region R] [--attendee NAME]] [--everybody [--yes]]',
  about: 'removes from your AWS account what this kit has made there, and says what happened to each thing',
  mostWords: 1,
  options: { ...awsOptions, all: { type: 'boolean' }, everybody: { type: 'boolean' } },
  run: line => withSession(session => run(line, session)),
}

/** An account and region in which something may be, and what the notes say of it. */
interface Place {
  readonly profile: string
  readonly region?: string
  readonly endpoint?: string
  readonly noted: readonly Made[]
}

async function run({ words, flags }: CommandLine, session: Session): Promise<number> {
  const { all, everybody, profile } = flags
  if (Boolean(all || everybody) === (words[0] !== undefined))
    throw new WrongUsage('Name a lab, or --all for every lab of yours.')
  if (everybody && typeof profile !== 'string')
    throw new WrongUsage(
      '--everybody needs --profile NAME: it removes what others have made in that account, too.',
    )
  const wanted = words[0] === undefined ? undefined : labNamed(words[0], labs).id
  const places = await whereToLook(flags, wanted)
  if (places.length === 0) {
    process.stdout.write(
      'Nothing is noted here that would be up on AWS. To look in an account, name it with --profile NAME.\n',
    )
  }
  let isClear = true
  for (const place of places) {
    try {
      isClear = (await clear(place, wanted, flags, session)) && isClear
    } catch (error) {
      if (error instanceof WrongUsage) throw error
      isClear = false
      process.stderr.write(`${troubleInWords(error)}\n`)
      for (const made of place.noted) process.stderr.write(`Noted in ${manifest.fileOf(made)}\n`)
    }
  }
  return isClear ? exitCode.pass : exitCode.error
}

/** The account of --profile, and those of the notes: all of them, or where a profile or region is named those that fit. */
async function whereToLook(flags: CommandLine['flags'], lab: string | undefined): Promise<readonly Place[]> {
  const { profile, region, attendee } = flags
  const elsewhere = process.env.AWS_ENDPOINT_URL || undefined
  const noted = (await manifest.read()).filter(
    made =>
      (lab === undefined || made.lab === lab) &&
      (profile === undefined || made.profile === profile) &&
      (region === undefined || made.region === region) &&
      (attendee === undefined || made.attendee === attendee) &&
      // With everything sent to one endpoint, what is elsewhere is out of reach.
      (elsewhere === undefined || made.endpoint === elsewhere),
  )
  const places = new Map<string, Place>()
  for (const made of noted) {
    const key = [made.profile, made.region, made.endpoint].join(' ')
    const { endpoint } = made
    const before = places.get(key)?.noted ?? []
    places.set(key, {
      ...{ profile: made.profile, region: made.region, noted: [...before, made] },
      ...(endpoint !== undefined && { endpoint }),
    })
  }
  if (typeof profile === 'string' && ![...places.values()].some(one => one.profile === profile)) {
    places.set(profile, { profile, noted: [], ...(typeof region === 'string' && { region }) })
  }
  return [...places.values()]
}

async function clear(
  place: Place,
  lab: string | undefined,
  flags: CommandLine['flags'],
  session: Session,
): Promise<boolean> {
  const account = session.closes(await awsAccount(place), async one => one.stop())
  const identity = await account.startsAs()
  process.stdout.write(`Account ${identity.accountId}, ${account.region}, as ${identity.principal}.\n`)
  const hand = handIn(account, identity, manifest)
  const made = flags.everybody
    ? await madeByAnybody(hand)
    : [...place.noted, ...byName(flags, lab, account, identity, place.noted)]
  const strange = made.find(one => one.accountId !== identity.accountId)
  if (strange) {
    process.stdout.write(
      `  failed           stack ${strange.stackName}: it is in account ${strange.accountId}, where the profile "${account.profile}" does not lead any more\n`,
    )
    return false
  }
  if (flags.everybody) {
    const names = made.map(one => `  ${one.bucket || one.stackName}\n`).join('')
    process.stdout.write(
      names ? `To be removed, no matter who made them:\n${names}` : 'Nothing of the kit is up.\n',
    )
    if (made.length > 0 && !flags.yes && !(await agreed())) return false
  }
  return tellAll(hand, made)
}

async function tellAll(hand: Hand, made: readonly Made[]): Promise<boolean> {
  let isClear = true
  let count = 0
  for await (const { fate, what, because } of sweep(
    hand,
    made,
    labs.map(({ id }) => id),
    agreesTo,
  )) {
    count++
    isClear &&= fate !== 'failed'
    process.stdout.write(`  ${fate.padEnd(16)} ${what}${because ? `: ${because}` : ''}\n`)
  }
  if (count === 0) process.stdout.write('  There was nothing to remove.\n')
  else if (isClear) process.stdout.write('  Looked again: none of what was deleted is there any more.\n')
  return isClear
}

/** Of what only a note takes for ours a person decides. `--yes` is not about that, and without a terminal it stays. */
async function agreesTo(bucket: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  process.stderr.write(
    `A note names the bucket ${visible(bucket)}. It does not bear the tags of the kit. Delete it, and all that is in it?\n`,
  )
  return agreed()
}

/** What this attendee would have made, noted here or not: by its name, and then by its tags. */
function byName(
  flags: CommandLine['flags'],
  lab: string | undefined,
  { profile, region, endpoint }: AwsAccount,
  identity: Identity,
  noted: readonly Made[],
): readonly Made[] {
  const attendee = attendeeFor(flags, identity)
  return labs
    .filter(({ id }) => lab === undefined || id === lab)
    .map(
      ({ id }): Made => ({
        version: 1,
        lab: id,
        stackName: stackNameOf(id, attendee),
        ...{ attendee, accountId: identity.accountId, region, profile, bucket: '' },
        since: new Date().toISOString(),
        ...(endpoint !== undefined && { endpoint }),
      }),
    )
    .filter(one => !noted.some(({ stackName }) => stackName === one.stackName))
}
