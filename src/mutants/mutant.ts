import type { Operator } from './operator.ts'

/** What tells one mutant of a lab from all others. It survives that lines move. */
export interface Place {
  readonly operator: string
  /** Inside the solution: `handlers/connect.ts`. */
  readonly file: string
  /** The lines that go, joined; empty where lines are only added. */
  readonly was: string
  /** The lines that come in their place. */
  readonly becomes: string
  /** Which one it is, from 2 on, where the same change is made in several places of a file. */
  readonly nth?: number
}

/** A solution with one mistake. */
export interface Mutant extends Place {
  readonly says: Operator['says']
  readonly appliesTo: Operator['appliesTo']
  /** The first line that differs, from 1. */
  readonly line: number
  /** The whole file with the mistake. */
  readonly text: string
}

/** A place in one line: the key under which lists of mutants keep it. */
export const keyOf = ({ operator, file, was, becomes, nth = 1 }: Place): string =>
  JSON.stringify([operator, file, was, becomes, nth])

/** The lines between the first and the last that differ. */
export function difference(
  before: string,
  after: string,
): { line: number; was: string[]; becomes: string[] } {
  const [from, to] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1
  let end = 0
  const most = Math.min(from.length, to.length) - start
  while (end < most && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1
  return {
    line: start + 1,
    was: from.slice(start, from.length - end),
    becomes: to.slice(start, to.length - end),
  }
}

/** Lines as one, without what only lays them out or explains them. */
export const inOneLine = (lines: readonly string[]): string =>
  lines
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('//'))
    .join(' ')
