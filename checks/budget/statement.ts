import { many } from './wildcards.ts'

type OneOrMany = string | readonly string[]

/** A statement as a policy has it. */
export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, OneOrMany>>
  readonly NotPrincipal?: unknown
  readonly Action?: OneOrMany
  readonly NotAction?: OneOrMany
  readonly Resource?: OneOrMany
  readonly NotResource?: OneOrMany
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>
}

/** A statement, and where it stands. */
export interface Found {
  /** An inline policy's name, or the physical id of what holds the policy. */
  readonly policy: string
  /** The policy in words: `the policy SayDefaultPolicy`, `the policy of the table Room-1X`. */
  readonly title: string
  /** Its place in the policy. */
  readonly at: number
  readonly statement: Statement
}

/** The statements of a document. IAM gives documents URL-encoded, other services as they are. */
export function statementsIn(document: string, policy: string, title: string): Found[] {
  const text = document.startsWith('%') ? decodeURIComponent(document) : document
  return many<Statement>(JSON.parse(text).Statement).map((statement, at) => ({
    policy,
    title,
    at,
    statement,
  }))
}

/** AWS's own policies have statements that fill pages. */
const MOST_CHARACTERS = 500

/** A statement in one line, as evidence. */
export function quoted({ title, statement }: Found): string {
  const text = JSON.stringify(statement)
  const shown = text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`
  return `the statement that allows it, in ${title}: ${shown}`
}
