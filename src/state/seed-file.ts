import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { StateProblem } from './trouble.ts'

// js-yaml brings no types, and is CommonJS.
const yaml: {
  load(text: string, options: object): unknown
  readonly CORE_SCHEMA: unknown
} = createRequire(import.meta.url)('js-yaml')

/** A file that was read, and where its values stand. */
export interface Placed {
  readonly value: unknown
  /** `seed.yaml:7` for a value in it, or for the innermost list or mapping around it that is known. */
  placeOf(around: readonly unknown[]): string
}

/** Reads JSON or YAML; JSON is YAML too. @throws StateProblem with file, line and column. */
export function readPlaced(path: string): Placed {
  const lines = new Map<unknown, number>()
  const open: number[] = []
  const value = parsed(path, textOf(path), (event, { line, result }) => {
    if (event === 'open') open.push(line)
    else {
      const begun = open.pop()
      if (typeof result === 'object' && result !== null) lines.set(result, (begun ?? line) + 1)
    }
  })
  return {
    value,
    placeOf(around) {
      const line = around.map(one => lines.get(one)).findLast(one => one !== undefined)
      return line === undefined ? path : `${path}:${line}`
    },
  }
}

/** What is no file has no places in it. */
export const withoutPlaces = (value: unknown): Placed => ({ value, placeOf: () => 'seed' })

type Listener = (event: 'open' | 'close', state: { readonly line: number; readonly result: unknown }) => void

function parsed(path: string, text: string, listener: Listener): unknown {
  try {
    return yaml.load(text, { filename: path, schema: yaml.CORE_SCHEMA, listener })
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } }
    if (!reason) throw error
    const place = mark ? `${path}:${mark.line + 1}:${mark.column + 1}` : path
    throw new StateProblem(`${place}: this is neither JSON nor YAML: ${reason}.`, { cause: error })
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new StateProblem(`${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
