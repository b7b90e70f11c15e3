import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { house } from '../run/house.ts'
import { applied } from './edits.ts'
import { difference, inOneLine, keyOf, type Mutant, type Place } from './mutant.ts'
import type { Operator } from './operator.ts'
import { handlerOperators } from './operators/handlers.ts'
import { stackOperators } from './operators/stacks.ts'
import { NotAProgram, parse } from './tree.ts'

/** Every operator there is. */
export const operators: readonly Operator[] = [...handlerOperators, ...stackOperators]

/** The folder of a lab's solution. */
export const solutionOf = (lab: string): string => join(house, 'solutions', lab)

/** Every mutant of a lab's solution: each operator, wherever it applies. Nothing is written, and nothing is run. */
export async function mutantsOf(lab: string): Promise<readonly Mutant[]> {
  const folder = solutionOf(lab)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    // Nobody loads app.ts but CDK's own command line, and its output is none of ours.
    .filter(file => file !== 'app.ts' && !/(^|\/)(cdk\.out|node_modules)\//.test(file))
    .sort()
  const all: Mutant[] = []
  for (const file of files) all.push(...mutantsOfFile(file, await readFile(join(folder, file), 'utf8')))
  return all
}

/** The mutants of one file. Those with the same text count once. */
export function mutantsOfFile(file: string, source: string): readonly Mutant[] {
  const tree = parse(file, source)
  const kind = describesAStack(source) ? 'stack' : 'handler'
  const texts = new Set([layout(source)])
  const times = new Map<string, number>()
  const mutants: Mutant[] = []
  for (const { name, says, appliesTo, find } of operators) {
    if (appliesTo !== kind) continue
    for (const mutation of find(tree)) {
      const text = applied(source, mutation)
      if (texts.has(layout(text)) || !isProgram(file, text)) continue
      texts.add(layout(text))
      // What an edit needs at the end of the file, an import for example, is not where the mistake is.
      const visible = mutation.filter(({ start }) => start < source.length)
      const { line, was, becomes } = difference(source, applied(source, visible))
      const place: Place = { operator: name, file, was: inOneLine(was), becomes: inOneLine(becomes) }
      const nth = (times.get(keyOf(place)) ?? 0) + 1
      times.set(keyOf(place), nth)
      mutants.push({ ...place, ...(nth > 1 ? { nth } : {}), says, appliesTo, line, text })
    }
  }
  return mutants
}

/** A file is of the stack if it is made of CDK's constructs; all others are code that runs. */
const describesAStack = (source: string): boolean => /from '(aws-cdk-lib|constructs)\b/.test(source)

/** Texts that differ in nothing but blanks are the same. */
const layout = (text: string): string => text.replace(/\s+/g, ' ')

function isProgram(file: string, text: string): boolean {
  try {
    parse(file, text)
    return true
  } catch (error) {
    if (error instanceof NotAProgram) return false
    throw error
  }
}
