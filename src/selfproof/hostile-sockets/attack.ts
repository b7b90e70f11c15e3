import type { Whereabouts } from './victim.ts'

/** What came back, and how often: `close 1002`, `HTTP 400`, `hung up`, `nothing`. */
export type Answers = Map<string, number>

/** One way to do harm. */
export interface Attack {
  readonly name: string
  /** How often, in the tests and in earnest. */
  readonly sizes: { readonly reduced: number; readonly full: number }
  /** The answers that are right. */
  readonly right: readonly string[]
  /** Attacks, waits for the answers, and leaves nothing open. */
  run(victim: Whereabouts, size: number): Promise<Answers>
}

/** Does something `size` times, so many at a time, and counts how it came out. */
export async function often(
  size: number,
  atOnce: number,
  once: (n: number) => Promise<string>,
): Promise<Answers> {
  const answers: Answers = new Map()
  let next = 0
  const worker = async () => {
    while (next < size) {
      const answer = await once(next++)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: Math.min(size, atOnce) }, worker))
  return answers
}

/** Several tallies as one. */
export function together(...tallies: readonly Answers[]): Answers {
  const sum: Answers = new Map()
  for (const tally of tallies)
    for (const [answer, count] of tally) sum.set(answer, (sum.get(answer) ?? 0) + count)
  return sum
}
