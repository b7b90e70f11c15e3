import type { Command } from './usage.ts'
import { nearest, WrongUsage } from './usage.ts'

/** How npm tells a script of an option that stood before `--`: in a variable, and no longer among the words. */
const PREFIX = 'npm_config_'
/** npm knows these itself, so they may stand in somebody's `.npmrc`: that is no consent to pay for something, or to remove it. */
const NO_CONSENT = ['yes', 'all']
/** A setting of npm that is as short as one of our options, and as like it as a slip of the finger. */
const NOT_A_SLIP = ['which']

/**
 * The arguments as they were meant. npm takes options that stand before `--` for its own; in PowerShell, npm up to 10.9.2 also
 * drops a `--` that was typed. What can only mean one thing is honoured.
 *
 * @throws WrongUsage with a line that works, for the rest.
 */
export function asMeant(
  name: string,
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const swallowed = swallowedBy(name, env)
  const honoured: string[] = []
  for (const [option, values] of swallowed) {
    const { type, multiple } = command.options[option] ?? {}
    if (!type) refuseSlip(name, command, option, args)
    // Without it the command asks, or says that it needs a lab.
    else if (NO_CONSENT.includes(option) && args.length > 0) continue
    else if (type === 'boolean' && values.at(-1) === 'true' && !NO_CONSENT.includes(option))
      honoured.push(`--${option}`)
    else if (type === 'string' && !values.includes('true'))
      honoured.push(...(multiple ? values : values.slice(-1)).map(value => `--${option}=${value}`))
    else
      throw new WrongUsage(
        `npm took --${option} for an option of its own, so it did not arrive.\nThis line works in every shell: ${lineOf(name, command, args, swallowed)}`,
      )
  }
  return [...args, ...honoured]
}

/** What npm has taken, by option. Only npm itself tells, so only a script that npm has started is told. */
function swallowedBy(name: string, env: NodeJS.ProcessEnv): ReadonlyMap<string, readonly string[]> {
  if (env.npm_lifecycle_event !== name) return new Map()
  const taken = Object.entries(env).flatMap(([variable, value]) =>
    variable.startsWith(PREFIX) && value
      ? [[variable.slice(PREFIX.length).replaceAll('_', '-'), value.split('\n\n')] as const]
      : [],
  )
  return new Map(taken)
}

/** Anything may be a setting of npm; only what is very like an option of ours was one. */
function refuseSlip(name: string, command: Command, option: string, args: readonly string[]): void {
  if (option.length < 5 || NOT_A_SLIP.includes(option)) return
  const known = Object.keys(command.options).filter(one => one.length > 4)
  const meant = nearest(
    `--${option}`,
    known.map(one => `--${one}`),
    2,
  )
  if (meant) throw new WrongUsage(`--${option} is no option of ${name}.${meant}\n${again(name, args)}`)
}

const again = (name: string, args: readonly string[]): string =>
  `Options work in every shell with: ${['npx wslab', name, ...args].join(' ')} --…`

/** The line that says it all. The words that are too many are the values of the options that lost theirs. */
function lineOf(
  name: string,
  { options, mostWords }: Command,
  args: readonly string[],
  swallowed: ReadonlyMap<string, readonly string[]>,
): string {
  const words = args.filter(arg => !arg.startsWith('-'))
  const others = args.filter(arg => arg.startsWith('-'))
  const lost = words.slice(mostWords)
  const asked = [...swallowed].flatMap(([option, values]) => {
    const type = options[option]?.type
    if (!type) return []
    if (type === 'boolean') return [`--${option}`]
    return values.map(value => `--${option} ${value === 'true' ? (lost.shift() ?? 'VALUE') : value}`)
  })
  return ['npx wslab', name, ...words.slice(0, mostWords), ...others, ...asked].join(' ')
}
