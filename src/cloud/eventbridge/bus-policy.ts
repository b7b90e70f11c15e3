import { createHash } from 'node:crypto'
import type { PolicyDocument, Statement } from '../iam/policy.ts'
import { invalid } from './errors.ts'
import type { Bus } from './rule.ts'

/** The statements of a bus's policy. */
export const statements = ({ policy }: Bus): readonly Statement[] => (policy ? [policy.Statement].flat() : [])

/** Replaces them; a bus without any has no policy. */
export function setStatements(bus: Bus, all: readonly Statement[]): void {
  bus.policy = all.length > 0 ? { Version: '2012-10-17', Statement: all } : undefined
}

/** PutPermission: a whole policy, or one statement by its parts. Throws `ValidationException`. */
export function putPermission(bus: Bus, input: Readonly<Record<string, any>>): void {
  if (input.Policy !== undefined) {
    bus.policy = JSON.parse(input.Policy) as PolicyDocument
    return
  }
  const { StatementId, Action = 'events:PutEvents', Principal, Condition } = input
  if (StatementId === undefined || Principal === undefined) {
    throw invalid('Parameters Action, Principal and StatementId, or Policy, must be specified.')
  }
  putStatement(bus, StatementId, statementOf(bus, { Action, Principal, Condition }))
}

/** Puts one statement in the place of the one of that id, or behind the others. */
export function putStatement(bus: Bus, Sid: string, statement: Statement): void {
  setStatements(bus, [...statements(bus).filter(one => one.Sid !== Sid), { ...statement, Sid }])
}

/** A whole statement, or the older parts of one. */
export function statementOf(bus: Bus, given: Readonly<Record<string, any>>): Statement {
  const { Statement, Action = 'events:PutEvents', Principal, Condition } = given
  if (Statement) return { ...Statement }
  return {
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: bus.arn,
    ...(Condition ? { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value } } } : {}),
  }
}

/** A statement's id for a policy that is a resource of a template without one. */
export const statementId = (text: string): string => createHash('md5').update(text).digest('hex').slice(0, 12)
