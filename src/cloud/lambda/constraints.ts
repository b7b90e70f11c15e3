import { AwsError } from '../error.ts'

/** A number of a request within its bounds. `member` is its name in lower camel case. Throws ValidationException. */
export function between(least: number, value: unknown, most: number, member: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  const bound = number > most ? `less than or equal to ${most}` : `greater than or equal to ${least}`
  throw constraint(value, member, `Member must have value ${bound}`)
}

/** The refusal of a value that its model does not allow. */
export const constraint = (value: unknown, member: string, must: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${value}'`} at '${member}' failed to satisfy constraint: ${must}`,
  )
