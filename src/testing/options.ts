import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { nearest } from '../report/nearest.ts'
import type { LocalCloudOptions } from './entry.cjs'

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? undefined : 'takes a text')
const flag = (value: unknown) => (typeof value === 'boolean' ? undefined : 'takes true or false')
const like = (pattern: RegExp, words: string) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value) ? undefined : `takes ${words}`

/** What is wrong with an option's value, in words that go on after its name. */
const options: Readonly<Record<keyof LocalCloudOptions, (value: unknown) => string | undefined>> = {
  assembly: text,
  stacks: value =>
    Array.isArray(value) && value.every(name => typeof name === 'string')
      ? undefined
      : 'takes a list of names',
  app: value =>
    typeof (value as any)?.synth === 'function' ? undefined : 'takes a CDK App, which has a method synth',
  stack: value =>
    typeof (value as any)?.node?.root?.synth === 'function'
      ? undefined
      : 'takes a CDK Stack. To choose stacks by name, use stacks',
  skipUnsupported: flag,
  strict: flag,
  account: like(/^\d{12}$/, 'twelve digits'),
  region: like(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-central-1'),
  port: value =>
    Number.isInteger(value) &&
    ((value as number) === 0 || ((value as number) >= 1024 && (value as number) <= 65535))
      ? undefined
      : 'takes a number from 1024 to 65535, or 0 for a free port',
  seed: value =>
    (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null)
      ? undefined
      : 'takes the path of a file, or an object',
  state: text,
  patience: value =>
    typeof value === 'number' && value > 0 && Number.isFinite(value) ? undefined : 'takes milliseconds',
}

/**
 * Checks what `localCloud` is given.
 *
 * @throws TypeError that names the option, and what it takes.
 */
export function checkOptions(given: unknown): LocalCloudOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError("localCloud takes an object, such as { assembly: 'cdk.out' }.")
  }
  const known = Object.keys(options)
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [name, value] of set) {
    const check = options[name as keyof LocalCloudOptions]
    if (!check) {
      throw new TypeError(
        `localCloud has no option ${name}.${nearest(name, known)} It has: ${known.join(', ')}.`,
      )
    }
    const wrong = check(value)
    if (wrong) throw new TypeError(`localCloud: ${name} ${wrong}, not ${shown(value)}.`)
  }
  const checked: LocalCloudOptions = Object.fromEntries(set)
  checkTogether(checked)
  return checked
}

function checkTogether(given: LocalCloudOptions): void {
  const { assembly, app, stack, stacks, skipUnsupported, strict, seed, state } = given
  const sources = Object.entries({ assembly, app, stack }).filter(([, value]) => value !== undefined)
  if (sources.length > 1) {
    throw new TypeError(`localCloud: give one of ${sources.map(([name]) => name).join(' and ')}.`)
  }
  if (stack && stacks) throw new TypeError('localCloud: give stack or stacks, not both.')
  if (sources.length === 0 && [stacks, skipUnsupported, strict, seed, state].some(one => one !== undefined)) {
    throw new TypeError(
      'localCloud: stacks, skipUnsupported, strict, seed and state go with something to deploy: assembly, app or stack.',
    )
  }
  if (skipUnsupported && strict) {
    throw new TypeError('localCloud: give strict or skipUnsupported, not both.')
  }
  if (assembly !== undefined && !existsSync(assembly)) {
    throw new Error(
      `There is no folder ${resolve(assembly)}. \`npx cdk synth\` writes one: run it before your tests.`,
    )
  }
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80)
