import { randomInt } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Twelve random capitals and digits, as CloudFormation puts them behind a name it invents. */
export const randomSuffix = (): string =>
  Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/**
 * `<stack>-<logicalId>-<suffix>`, at most `maxLength` long. What does not fit is cut from the ends of the first two;
 * the one that is short enough is left whole (assumed: AWS documents the form, not the cut).
 */
export function inventName(stackName: string, logicalId: string, suffix: string, maxLength = 255): string {
  const room = maxLength - suffix.length - 2
  const half = Math.floor(room / 2)
  const stackRoom = Math.max(half, room - logicalId.length)
  const stack = stackName.slice(0, stackRoom)
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`
}
