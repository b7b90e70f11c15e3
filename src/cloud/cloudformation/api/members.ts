import { AwsError } from '../../error.ts'
import type { Operation } from '../../service.ts'

/** What a call brings, as the Query protocol has it: texts, lists and structures of texts; an empty list is ''. */
export type Input = Readonly<Record<string, any>>

/** An operation whose input may have these members only: any other that says something is refused by name. */
export function operation(
  name: string,
  members: readonly string[],
  { access, run }: Pick<Operation<Input>, 'access' | 'run'>,
): Operation<Input> {
  const known = new Set(members)
  return {
    name,
    access,
    run(input, call) {
      const stray = Object.keys(input).filter(member => !known.has(member) && saysSomething(input[member]))
      if (stray.length > 0) {
        throw refusal(`${name}: ${stray.join(', ')} is not supported by the local cloud.`)
      }
      return run(input, call)
    },
  }
}

/** CloudFormation's way of saying that a request is no good. */
export const refusal = (message: string): AwsError => new AwsError('ValidationError', message)

/** A member that AWS insists on. */
export function required(input: Input, member: string): string {
  const value = input[member]
  if (typeof value === 'string' && value !== '') return value
  const parameter = `${member[0]!.toLowerCase()}${member.slice(1)}`
  throw refusal(
    `1 validation error detected: Value null at '${parameter}' failed to satisfy constraint: Member must not be null`,
  )
}

/** A member that is one of a few words; undefined when it is not given. */
export function oneOf<W extends string>(input: Input, member: string, words: readonly W[]): W | undefined {
  const value = input[member]
  if (value === undefined || value === '') return undefined
  if (words.includes(value)) return value
  const parameter = `${member[0]!.toLowerCase()}${member.slice(1)}`
  throw refusal(
    `1 validation error detected: Value '${value}' at '${parameter}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`,
  )
}

export const isTrue = (value: unknown): boolean => value === 'true'

/** A list; one that was sent empty is ''. */
export const listOf = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [])

/** CloudFormation's quota on the members of one page. */
const PAGE = 100

/** A page of a list, by a token that names the first member of the next one. */
export function page<T>(all: readonly T[], { NextToken }: Input, keyOf: (item: T) => string) {
  const start = NextToken ? all.findIndex(item => tokenFor(keyOf(item)) === NextToken) : 0
  if (start === -1) throw refusal('The specified NextToken is invalid.')
  const next = all[start + PAGE]
  return {
    items: all.slice(start, start + PAGE),
    NextToken: next === undefined ? undefined : tokenFor(keyOf(next)),
  }
}

const tokenFor = (key: string) => Buffer.from(key).toString('base64url')

/** What is false or empty asks for nothing. */
const saysSomething = (value: unknown): boolean => value !== '' && value !== 'false'
