import { shortArn } from './names.ts'
import type { Directory } from './protocol.ts'

/** A statement of a policy, as JSON has it. */
export type Statement = Readonly<Record<string, unknown>>

/** A statement in a few lines, in the names of the learner's code: `Allow  dynamodb:Scan`, `on  table/Connections`. */
export function statementInWords(statement: Statement, directory: Directory): string {
  const list = (value: unknown) =>
    [value].flat().map(one => (typeof one === 'string' ? shortArn(one, directory) : JSON.stringify(one)))
  const of = (name: string): string | undefined => {
    if (statement[name] !== undefined) return list(statement[name]).join(', ')
    const not = statement[`Not${name}`]
    return not === undefined ? undefined : `all but ${list(not).join(', ')}`
  }
  const [principal, resource] = [of('Principal'), of('Resource')]
  return [
    `${statement.Effect}  ${of('Action') ?? ''}`,
    ...(principal ? [`  to  ${principal}`] : []),
    ...(resource ? [`  on  ${resource}`] : []),
    ...(statement.Condition ? [`  if  ${JSON.stringify(statement.Condition)}`] : []),
  ].join('\n')
}

/** Whether two statements say the same, letter by letter. */
export const isSame = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other)
