import type { JsonReader } from './json-reader.ts'

/** What is wrong with a filter policy, in the words of AWS's rule compiler, its place included where it tells one. */
export class RuleProblem extends Error {
  /** Where the reader stood: `line: 1, column: 22`. The CIDR reader tells none. */
  readonly place: string | undefined

  constructor(message: string, place?: string) {
    super(message)
    this.name = 'RuleProblem'
    this.place = place
  }
}

/** A problem found where the reader stands now. */
export const ruleProblem = (reader: JsonReader, message: string) => new RuleProblem(message, reader.place())
