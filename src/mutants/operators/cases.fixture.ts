import { applied } from '../edits.ts'
import type { Operator } from '../operator.ts'
import { parse } from '../tree.ts'

/** What an operator makes of a snippet; nothing where it does not apply. */
export interface Case {
  readonly operator: Operator
  readonly in: string
  readonly becomes: readonly string[]
}

/** The texts that an operator makes of a snippet. Each has to be a program, or `parse` throws. */
export function made({ operator, in: source }: Case): string[] {
  return operator.find(parse('snippet.ts', source)).map(mutation => {
    const text = applied(source, mutation)
    parse('snippet.ts', text)
    return text.replace(/\s+/g, ' ').trim()
  })
}
