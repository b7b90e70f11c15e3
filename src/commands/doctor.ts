import { painter, wantsColour } from '../report/paint.ts'
import { attendeeFor, awsOptions, isAws, openAccount } from './aws.ts'
import { awsExaminations } from './aws-examinations.ts'
import { type Diagnosis, examinations } from './examinations.ts'
import { policyInWords } from './policy-in-words.ts'
import { sandboxExamination } from './sandbox-examination.ts'
import { type Session, withSession } from './session.ts'
import type { Command, CommandLine } from './usage.ts'

/** Says whether this machine is ready. Exit code 0: it is · 1: you can fix it, and how · 2: somebody else must. */
export const doctor: Command = {
  synopsis: '[--grading] [--target aws --profile NAME [--region R] [--attendee NAME]]',
  about: 'is this machine ready? With --target aws: is the account?',
  mostWords: 0,
  options: {
    grading: { type: 'boolean' },
    target: { type: 'string' },
    profile: awsOptions.profile,
    region: awsOptions.region,
    attendee: awsOptions.attendee,
  },
  run: line => withSession(session => run(line, session)),
}

async function run({ flags }: CommandLine, session: Session): Promise<number> {
  const isForAws = isAws(flags)
  const paint = painter(wantsColour(process.stdout))
  const marks = {
    ready: paint.green('✓'),
    optional: paint.yellow('·'),
    yours: paint.red('✗'),
    theirs: paint.red('✗'),
  }
  const found: Diagnosis[] = []
  const all = [...examinations, ...(isForAws ? awsExaminations(flags, session) : [])]
  if (flags.grading) all.push(sandboxExamination(session.guardian))
  for (const { name, examine } of all) {
    const diagnosis = await examine()
    found.push(diagnosis)
    process.stdout.write(`${marks[diagnosis.kind]} ${name.padEnd(22)} ${diagnosis.says}\n`)
    if (diagnosis.cure)
      process.stdout.write(`  ${''.padEnd(22)} ${diagnosis.cure.replaceAll('\n', `\n${''.padEnd(25)}`)}\n`)
  }
  const has = (kind: Diagnosis['kind']) => found.some(one => one.kind === kind)
  const [code, words] = has('theirs')
    ? [2, 'Not ready, and you cannot fix it: show this to the person who runs the machine or the kit.']
    : has('yours')
      ? [1, 'Not ready yet: you can fix what is marked above.']
      : [
          0,
          `Ready. Start with: npm run check -- lab1${isForAws ? ` --target aws --profile ${flags.profile}` : ''}`,
        ]
  process.stdout.write(`\n${words}\n`)
  if (isForAws) await printPolicy(flags, session)
  return code
}

/** Where there is an account, what attendees may be allowed there. */
async function printPolicy(flags: CommandLine['flags'], session: Session): Promise<void> {
  const identity = await openAccount(flags, session)
    .then(account => account.startsAs())
    // What stands in the way has been said above.
    .catch(() => undefined)
  if (!identity) return
  const attendee = typeof flags.attendee === 'string' ? attendeeFor(flags, identity) : undefined
  process.stdout.write(`\n${policyInWords(identity, attendee)}\n`)
}
