import { join } from 'node:path'
import { notebook } from '../run/progress.ts'
import { cache, workspace } from '../run/workspace.ts'
import { type AwsAccount, awsAccount, type Identity } from '../targets/aws/account.ts'
import { whatAnHourCosts } from '../targets/aws/cost.ts'
import { handIn, howToDestroy } from '../targets/aws/hand.ts'
import { type LabsTarget, labsTarget } from '../targets/aws/labs.ts'
import { manifestIn } from '../targets/aws/manifest.ts'
import { attendeeBehind, attendeeCalled, stackNameOf } from '../targets/aws/names.ts'
import { agreed } from './consent.ts'
import { CLOSING_TIME, type Session } from './session.ts'
import { type Command, type CommandLine, WrongUsage } from './usage.ts'

/** The options of every command that goes to an account. */
export const awsOptions = {
  profile: { type: 'string' },
  region: { type: 'string' },
  attendee: { type: 'string' },
  yes: { type: 'boolean' },
} satisfies Command['options']

/** Whether an account is meant. @throws WrongUsage for a target that does not exist, and for options that go with an account only. */
export function isAws({ target = 'local', ...flags }: CommandLine['flags']): boolean {
  if (target !== 'local' && target !== 'aws')
    throw new WrongUsage(`There is no target ${target}. There are: local, aws`)
  const stray = Object.keys(awsOptions).find(name => flags[name] !== undefined)
  if (target === 'local' && stray) throw new WrongUsage(`--${stray} goes with --target aws.`)
  return target === 'aws'
}

/** What has been made in whose account. */
export const manifest = manifestIn(join(notebook, 'aws'))

/**
 * The account that the command line names: the profile is never guessed.
 *
 * @throws WrongUsage without a profile; `AwsTrouble` for whatever stands in the way.
 */
export async function openAccount(
  { profile, region }: CommandLine['flags'],
  session: Session,
): Promise<AwsAccount> {
  if (typeof profile !== 'string')
    throw new WrongUsage('--target aws needs --profile NAME: no profile is ever used unasked.')
  const account = await awsAccount({ profile, ...(typeof region === 'string' && { region }) })
  return session.closes(account, async one => one.stop())
}

/** As whom stacks are named: as --attendee says, or else as AWS takes the caller for. @throws WrongUsage if that is no name. */
export function attendeeFor({ attendee }: CommandLine['flags'], { principal }: Identity): string {
  if (typeof attendee === 'string') {
    const name = attendeeCalled(attendee)
    if (name) return name
    throw new WrongUsage(`--attendee ${attendee} holds neither a letter nor a digit.`)
  }
  const name = attendeeBehind(principal)
  if (name) return name
  throw new WrongUsage(`No name for stacks can be made of ${principal}. Give one with --attendee NAME.`)
}

/**
 * Opens an account for labs, once the person who pays for it has agreed; undefined if not. All of it is said on stderr: stdout
 * is for verdicts.
 */
export async function openLabs(
  flags: CommandLine['flags'],
  labs: readonly { readonly id: string }[],
  session: Session,
): Promise<LabsTarget | undefined> {
  const account = await openAccount(flags, session)
  const identity = await account.startsAs()
  const attendee = attendeeFor(flags, identity)
  const tell = (text: string) => void process.stderr.write(text)
  tell(`Account ${identity.accountId}, ${identity.region}, as ${identity.principal}.\n`)
  if (account.endpoint) tell(`Everything goes to ${account.endpoint}, and not to AWS.\n`)
  tell(
    `To be made: ${labs.map(({ id }) => stackNameOf(id, attendee)).join(', ')}, and a bucket for their code.\n`,
  )
  tell(
    flags.keep
      ? `It stays up, and costs money, until you remove it.\n${whatAnHourCosts}\n`
      : `All of it is removed when the check is over.\n${whatAnHourCosts}\n`,
  )
  if (!flags.yes && !(await agreed())) return undefined

  const { guardian } = session
  const target = labsTarget(handIn(account, identity, manifest), {
    ...{ attendee, guardian, keep: flags.keep === true, tell },
    directory: workspace(guardian, 'cdk'),
    home: join(cache, 'cdk'),
  })
  const giveUp = async ({ unfinished, abandon }: LabsTarget) => {
    for (const made of unfinished()) {
      tell(`\n${made.stackName} is being removed. To be sure that nothing stays: ${howToDestroy(made)}\n`)
    }
    await abandon()
  }
  // What stays in an account costs money: somebody who interrupts waits for this.
  session.closes(target, giveUp, CLOSING_TIME)
  return target
}
