import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Lab } from '#kit'
import { nearest } from '../report/nearest.ts'
import { isPackage } from '../run/house.ts'

export { nearest }

/** A command line that cannot be understood. Its message is what the person reads; the exit code is 3. */
export class WrongUsage extends Error {}

/** How a command is called: its synopsis, and one line on what it does. */
export interface Command {
  readonly synopsis: string
  readonly about: string
  /** How many words it takes at most, options and their values aside. */
  readonly mostWords: number
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Answers with the exit code. */
  run(line: CommandLine): Promise<number>
}

/** A command line, understood. */
export interface CommandLine {
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
}

/** Takes the arguments apart. @throws WrongUsage naming what is wrong, and what may have been meant. */
export function understand(name: string, command: Command, args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({ args: [...args], options: command.options, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = command.options[token.name]
    if (!option)
      throw wrong(`${token.rawName} is no option of ${name}.`, token.rawName, flagsOf(command), name, command)
    if (option.type === 'string' && !token.value)
      throw wrong(`${token.rawName} needs a value.`, '', [], name, command)
    if (option.type === 'boolean' && token.value !== undefined) {
      throw wrong(`${token.rawName} takes no value.`, '', [], name, command)
    }
  }
  const { values, positionals } = parseArgs({
    args: [...args],
    options: command.options,
    allowPositionals: true,
  })
  const surplus = positionals.slice(command.mostWords)
  if (surplus.length > 0)
    throw wrong(
      `${name} cannot use ${surplus.map(word => `"${word}"`).join(' and ')}.`,
      '',
      [],
      name,
      command,
    )
  return { words: positionals, flags: values as CommandLine['flags'] }
}

/** `Usage: npm run check -- …`, and what that does. */
export const usageOf = (name: string, { synopsis, about }: Command): string =>
  `Usage: ${isPackage ? `npx wslab ${name}` : `npm run ${name} --`} ${synopsis}\n       ${about}`

/** Finds a lab by `lab2`, `2` or its whole name. @throws WrongUsage naming the nearest one. */
export function labNamed(word: string | undefined, labs: readonly Lab[]): Lab {
  const names = labs.map(lab => lab.id)
  if (word === undefined) throw new WrongUsage(`Which lab? There are: ${names.join(', ')}`)
  const found = labs.find(({ id }) => id === word || shortName(id) === word || shortName(id) === `lab${word}`)
  if (found) return found
  throw new WrongUsage(
    `There is no lab ${word}.${nearest(word, [...names, ...names.map(shortName)])}\nThere are: ${names.join(', ')}`,
  )
}

/** `lab2` of `lab2-wrong-permissions`. */
export const shortName = (id: string): string => id.replace(/-.*/, '')

const flagsOf = (command: Command): string[] => Object.keys(command.options).map(option => `--${option}`)

const wrong = (
  what: string,
  word: string,
  known: readonly string[],
  name: string,
  command: Command,
): WrongUsage => new WrongUsage(`${what}${word ? nearest(word, known) : ''}\n${usageOf(name, command)}`)

/** The number that an option is given. @throws WrongUsage for anything else than a whole number from 1. */
export function wholeNumber(option: string, text: unknown): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new WrongUsage(`--${option} takes a whole number from 1.`)
  return value
}
