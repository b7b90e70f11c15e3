import type { Assembly } from '#kit'
import { labs } from '../../labs/index.ts'
import { assemble } from '../run/assemble.ts'
import { findSource } from '../run/source.ts'
import { StackProblem } from '../run/stack-problem.ts'
import { workspace } from '../run/workspace.ts'
import { type LocalTarget, localTarget } from '../targets/local.ts'
import { liveLine } from './live-line.ts'
import { type Session, withSession } from './session.ts'
import { type Command, type CommandLine, labNamed, WrongUsage } from './usage.ts'

/** Deploys a lab, or any CDK cloud assembly, into the local cloud and keeps it up. */
export const up: Command = {
  synopsis:
    '<lab> [--solution] [--port N]  |  --assembly DIR [--stack NAME]... [--skip-unsupported] [--port N]',
  about: 'deploys into the local cloud and stays up; Ctrl-C takes it down',
  options: {
    solution: { type: 'boolean' },
    assembly: { type: 'string' },
    stack: { type: 'string', multiple: true },
    'skip-unsupported': { type: 'boolean' },
    port: { type: 'string' },
  },
  run: line => withSession(session => run(line, session)),
}

async function run({ words, flags }: CommandLine, session: Session): Promise<number> {
  const port = portOf(flags.port)
  if (flags.assembly && (words.length > 0 || flags.solution)) {
    throw new WrongUsage('Give a lab or --assembly, not both.')
  }
  if (!flags.assembly && (flags.stack || flags['skip-unsupported'])) {
    throw new WrongUsage('--stack and --skip-unsupported go with --assembly.')
  }
  const lab = flags.assembly ? undefined : labNamed(words[0], labs)
  const target = session.closes(await localTarget(session.guardian, { apiPort: port }), it => it.stop())
  try {
    if (lab) {
      await target.deploy(await assembled(lab, flags.solution === true, session))
    } else {
      const left = await target.deployAll(String(flags.assembly), {
        stacks: (flags.stack as unknown as string[] | undefined) ?? [],
        skipUnsupported: flags['skip-unsupported'] === true,
      })
      for (const line of left) process.stdout.write(`left out: ${line}\n`)
    }
  } catch (error) {
    if (!(error instanceof Error && 'evidence' in error) && !(error instanceof StackProblem)) throw error
    const {
      observed,
      evidence = [],
      where,
    } = error instanceof StackProblem
      ? error.seen
      : { observed: error.message, evidence: error.evidence as string[], where: undefined }
    process.stderr.write(
      `It did not come up: ${observed}\n${evidence.map(line => `  ${line}\n`).join('')}${where ? `Look at ${where}\n` : ''}`,
    )
    return 1
  }
  await stayUp(target, session)
  return 0
}

async function assembled(lab: (typeof labs)[number], solution: boolean, session: Session): Promise<Assembly> {
  const folder = workspace(session.guardian, lab.id)
  const source = await findSource(lab, { kind: solution ? 'solution' : 'starter' }, folder)
  return assemble(source, lab, folder, session.guardian)
}

/** Says how to reach what is up, then shows what happens there until somebody interrupts. */
export async function stayUp(target: LocalTarget, session: Session): Promise<void> {
  const { endpoint, credentials, account } = target.cloud
  process.stdout.write('\n')
  for (const { stackName, outputs } of target.deployed()) {
    process.stdout.write(`${stackName} is up.\n`)
    for (const [name, value] of Object.entries(outputs)) process.stdout.write(`  ${name} = ${value}\n`)
    for (const url of Object.values(outputs).filter(value => value.startsWith('ws://'))) {
      process.stdout.write(`\n  npx wscat -c ${url}\n`)
    }
  }
  process.stdout.write(`
The AWS CLI and SDKs reach this cloud from any terminal with:
  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${account.region} AWS_DEFAULT_REGION=${account.region}
  export AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}

What happens now is shown here. Ctrl-C takes it all down.
`)
  const stop = target.cloud.events.subscribe(event => {
    const line = liveLine(event)
    if (line) process.stdout.write(`${line}\n`)
  })
  await session.interrupted
  stop()
}

function portOf(text: unknown): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1024 && port <= 65535) return port
  throw new WrongUsage(`--port takes a number from 1024 to 65535, not ${text}.`)
}
