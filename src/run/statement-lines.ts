import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PolicyLines } from '#kit'
import { codeLinesIn } from './paths.ts'
import type { Source } from './source.ts'
import { NOTES, type StatementNote } from './statement-notes.ts'

/** A note, and the lines of the learner's code in its traces: those that added the statement before those that made it. */
interface Read extends StatementNote {
  readonly lines: readonly string[]
}

/**
 * Reads which line of the learner's code granted each statement of the template's policies. Answers by logical id;
 * without notes the answer is empty.
 */
export async function statementLinesIn(
  outdir: string,
  resources: Readonly<Record<string, any>>,
  source: Source,
): Promise<ReadonlyMap<string, readonly PolicyLines[]>> {
  const notes = (await notesIn(outdir)).map(
    (note): Read => ({
      ...note,
      lines: [...codeLinesIn(note.added, source), ...codeLinesIn(note.made ?? '', source)],
    }),
  )
  if (notes.length === 0) return new Map()
  return new Map(
    Object.entries(resources).flatMap(([logicalId, { Properties = {} }]) => {
      const of = notes.filter(note => note.logicalId === undefined || note.logicalId === logicalId)
      const policies = documentsIn(Properties).map(({ name, statements }) => ({
        ...(name === undefined ? {} : { name }),
        lines: statements.map(statement => lineOf(statement, of, notes)),
      }))
      return policies.length > 0 ? [[logicalId, policies] as const] : []
    }),
  )
}

interface Document {
  /** The name under which IAM knows it, where it has one. */
  readonly name?: string
  readonly statements: readonly any[]
}

/** The policies of a resource that give permissions: its own, a role's inline ones, a table's. */
function documentsIn(properties: any): Document[] {
  const one = (document: any, name?: unknown): Document[] =>
    document?.Statement
      ? [{ statements: [document.Statement].flat(), ...(typeof name === 'string' ? { name } : {}) }]
      : []
  return [
    ...one(properties.PolicyDocument, properties.PolicyName),
    ...[properties.Policies ?? []]
      .flat()
      .flatMap((policy: any) => one(policy?.PolicyDocument, policy?.PolicyName)),
    ...one(properties.ResourcePolicy?.PolicyDocument),
  ]
}

/** The line that granted a statement. CDK merges statements: then it is the first that went into this one. */
function lineOf(statement: any, notes: readonly Read[], all: readonly Read[]): string | undefined {
  const note = notes.find(one => one.lines.length > 0 && isPartOf(one.statement, statement))
  if (!note) return undefined
  // Where one line adds several statements, the lines that made them tell them apart. The innermost of the best.
  const sharers = (line: string) => all.filter(one => one !== note && one.lines.includes(line)).length
  return note.lines.toSorted((a, b) => sharers(a) - sharers(b))[0]
}

function isPartOf(small: any, large: any): boolean {
  const within = (key: string) => {
    const wanted = [large[key] ?? []].flat().map(item => JSON.stringify(item))
    return [small[key] ?? []].flat().every(item => wanted.includes(JSON.stringify(item)))
  }
  const same = (key: string) => JSON.stringify(small[key] ?? null) === JSON.stringify(large[key] ?? null)
  return (
    same('Effect') &&
    same('Condition') &&
    same('NotAction') &&
    same('NotResource') &&
    within('Action') &&
    within('Resource')
  )
}

async function notesIn(outdir: string): Promise<readonly StatementNote[]> {
  try {
    return JSON.parse(await readFile(join(outdir, NOTES), 'utf8'))
  } catch (error) {
    // An assembly that somebody else synthesized, or a release of CDK that yields no notes.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
