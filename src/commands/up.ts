import { resolve } from 'node:path'
import { visible } from '#kit'
import { labs } from '../../labs/index.ts'
import { type Account, defaultAccount } from '../cloud/account.ts'
import { readAssembly, selectStacks } from '../cloud/cloudformation/assembly.ts'
import { accountFor } from '../cloud/cloudformation/assembly-account.ts'
import { assemble } from '../run/assemble.ts'
import { isPackage } from '../run/house.ts'
import { oldSdk } from '../run/old-sdk.ts'
import { findSource } from '../run/source.ts'
import { workspace } from '../run/workspace.ts'
import type { Beginning } from '../state/beginning.ts'
import { type LocalTarget, localTarget } from '../targets/local.ts'
import { kinds } from '../workbench/model/row.ts'
import { beginWith, readBeginning } from './begin-with.ts'
import { kindsIn, type Watching } from './live-lines.ts'
import { type Session, withSession } from './session.ts'
import { showWorkbench } from './show-workbench.ts'
import { startedIn } from './started-in.ts'
import { stayUp } from './stay-up.ts'
import { type Command, type CommandLine, labNamed, WrongUsage } from './usage.ts'
import { whyNotUp } from './why-not-up.ts'

/** Deploys a lab, or any CDK cloud assembly, into the local cloud and keeps it up; without either the cloud is empty, for `cdk deploy`. */
export const up: Command = {
  synopsis:
    '<lab> [--solution] [--seed FILE] [--state DIR] [--port N] [--workbench]  |  --assembly DIR [--stack NAME]... [--skip-unsupported | --strict] [--seed FILE] [--state DIR] [--account ID] [--region R] [--port N] [--workbench]  |  [--account ID] [--region R] [--port N] [--workbench]  (each with [--only KIND,...] [--verbose])',
  about: 'deploys into the local cloud, or starts an empty one, and stays up; Ctrl-C takes it down',
  mostWords: 1,
  options: {
    solution: { type: 'boolean' },
    assembly: { type: 'string' },
    stack: { type: 'string', multiple: true },
    'skip-unsupported': { type: 'boolean' },
    strict: { type: 'boolean' },
    seed: { type: 'string' },
    state: { type: 'string' },
    account: { type: 'string' },
    region: { type: 'string' },
    port: { type: 'string' },
    workbench: { type: 'boolean' },
    only: { type: 'string' },
    verbose: { type: 'boolean' },
  },
  run: line => withSession(session => run(line, session)),
}

async function run({ words, flags }: CommandLine, session: Session): Promise<number> {
  const port = portOf(flags.port)
  const watching = watchingOf(flags)
  if (flags.assembly && (words.length > 0 || flags.solution)) {
    throw new WrongUsage('Give a lab or --assembly, not both.')
  }
  if (!flags.assembly && (flags.stack || flags['skip-unsupported'] || flags.strict)) {
    throw new WrongUsage('--stack, --skip-unsupported and --strict go with --assembly.')
  }
  if (isPackage && (words.length > 0 || flags.solution)) {
    throw new WrongUsage(
      'The labs are not in this package. Give --assembly DIR, or nothing for an empty cloud.',
    )
  }
  const isEmpty = !flags.assembly && !flags.solution && words.length === 0
  if (isEmpty && (flags.seed || flags.state)) {
    throw new WrongUsage('--seed and --state go with a lab or --assembly: what they hold belongs to stacks.')
  }
  if (!isEmpty && !flags.assembly && (flags.account || flags.region)) {
    throw new WrongUsage('--account and --region are for an empty cloud or an assembly: a lab has its own.')
  }
  const empty = isEmpty ? accountOf(flags) : undefined
  const lab = flags.assembly || empty ? undefined : labNamed(words[0], labs)
  const beginning = readBeginning(flags)
  session.closes(beginning, async () => beginning.giveUp())
  const open = opener(session, port, beginning)
  let target: LocalTarget
  try {
    target = lab
      ? await upWithLab(lab, flags.solution === true, open, session)
      : empty
        ? await open(empty)
        : await upWithAssembly(flags, open)
  } catch (error) {
    process.stderr.write(whyNotUp(error))
    return 1
  }
  await beginWith(beginning, target, session)
  if (flags.workbench) {
    const source = flags.solution ? 'solution' : 'starter'
    await showWorkbench(session, {
      target,
      labs: lab ? labs : [],
      ...(lab
        ? { standing: { lab: lab.id, source } }
        : { withoutLabs: 'There are labs where a lab is up, or with npm start.' }),
    })
  }
  await stayUp(target, session, watching)
  return 0
}

type Open = (account?: Account) => Promise<LocalTarget>

const opener =
  (session: Session, apiPort: number, { knownIds }: Beginning): Open =>
  async account => {
    const target = await localTarget(session.guardian, {
      apiPort,
      oldSdk: oldSdk(),
      knownIds,
      ...(account && { account }),
    })
    return session.closes(target, it => it.stop())
  }

async function upWithLab(
  lab: (typeof labs)[number],
  solution: boolean,
  open: Open,
  session: Session,
): Promise<LocalTarget> {
  const target = await open()
  const folder = workspace(session.guardian, lab.id)
  const source = await findSource(lab, { kind: solution ? 'solution' : 'starter' }, folder)
  const { assembly, compiles } = await assemble(source, lab, folder, session.guardian)
  await compiles
  await target.deploy(assembly)
  return target
}

/** The cloud is where the stacks want to be: an ARN or a host name that is written out in them must be true. */
async function upWithAssembly(flags: CommandLine['flags'], open: Open): Promise<LocalTarget> {
  const directory = resolve(startedIn(), String(flags.assembly))
  const stacks = (flags.stack as unknown as string[] | undefined) ?? []
  const chosen = selectStacks(readAssembly(directory, defaultAccount), stacks)
  const wanted = accountOf(flags)
  const { account, elsewhere } = accountFor(chosen, defaultAccount, {
    ...(flags.account && { accountId: wanted.accountId }),
    ...(flags.region && { region: wanted.region }),
  })
  const target = await open(account)
  const skipUnsupported = flags['skip-unsupported'] === true
  const strict = flags.strict === true
  if (strict && skipUnsupported) throw new WrongUsage('Give --strict or --skip-unsupported, not both.')
  const leftOut = await target.deployAll(directory, { stacks, skipUnsupported, strict })
  for (const line of elsewhere) process.stdout.write(`${visible(line)}\n`)
  for (const line of leftOut) process.stdout.write(`left out: ${visible(line)}\n`)
  return target
}

/** Of an empty cloud: an app that names its account and region finds them. */
function accountOf({
  account = defaultAccount.accountId,
  region = defaultAccount.region,
}: CommandLine['flags']): Account {
  if (!/^\d{12}$/.test(String(account)))
    throw new WrongUsage(`--account takes twelve digits, not ${account}.`)
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(String(region))) {
    throw new WrongUsage(`--region takes a region such as eu-central-1, not ${region}.`)
  }
  return { ...defaultAccount, accountId: String(account), region: String(region) }
}

/** Which lines are to be shown. */
function watchingOf({ only, verbose }: CommandLine['flags']): Watching {
  if (only === undefined) return { verbose: verbose === true }
  const { kinds: chosen, unknown } = kindsIn(String(only))
  if (unknown.length === 0) return { only: chosen, verbose: verbose === true }
  throw new WrongUsage(`--only knows no ${unknown.join(', ')}. There are: ${kinds.join(', ')}.`)
}

/** A port that a person has given; 0 takes a free one. */
export function portOf(text: unknown): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1024 && port <= 65535) return port
  throw new WrongUsage(`--port takes a number from 1024 to 65535, not ${text}.`)
}
