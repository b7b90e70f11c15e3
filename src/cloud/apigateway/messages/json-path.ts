import { JSONPath } from 'jsonpath-plus'
import { AwsError } from '../../error.ts'
import { lacking } from '../../lack.ts'
import { compileFilter, type Filter } from './json-path-filter.ts'

/** Finds a value in parsed JSON; `undefined` when there is none. */
export type Path = (document: unknown) => unknown

/** Dots and brackets with a number or a quoted name: what nearly every path is made of. */
const STEP = /\.([\w-]+)|\[(-?\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y

/**
 * Compiles a JSONPath such as `$.a.b[0]` (facts: B2). A path that can find several things (`..`, `*`, slices, filters) gives an array,
 * as Jayway's JsonPath does, which is what AWS runs. Throws `BadRequestException` for scripts and functions, which are not run here.
 */
export function compilePath(path: string): Path {
  const steps = simpleSteps(path)
  if (steps) return document => steps.reduce<unknown>(into, document)
  checkScripts(path)
  return document =>
    typeof document === 'object' && document !== null
      ? JSONPath({ path, json: document as object, eval: runFilter, wrap: true })
      : undefined
}

/** Every filter that was ever met, by its text. */
const filters = new Map<string, Filter>()

/** What jsonpath-plus calls instead of evaluating anything. It keeps the first one it is given, so there is only this one. */
function runFilter(code: string, { _$_v: item, _$_root: root }: any): boolean {
  const filter = filters.get(code) ?? compileFilter(code)
  filters.set(code, filter)
  return filter(item, root)
}

function checkScripts(path: string) {
  for (const step of JSONPath.toPathArray(path)) {
    const filter = /^\?\((.*)\)$/s.exec(step)?.[1]
    if (filter !== undefined) compileFilter(filter)
    else if (step.includes('(')) {
      throw lacking(
        new AwsError(
          'BadRequestException',
          `Invalid JSONPath ${path}: scripts and functions are not run here`,
        ),
      )
    }
  }
}

function simpleSteps(path: string): readonly string[] | undefined {
  const steps: string[] = []
  let at = path.startsWith('$') ? 1 : 0
  while (at < path.length) {
    STEP.lastIndex = at
    const match = STEP.exec(path)
    if (!match) return undefined
    steps.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
    at = STEP.lastIndex
  }
  return steps
}

// Only what the client sent: `constructor` and the like are nowhere to be found in JSON. A negative index counts from the end.
const into = (value: unknown, step: string): unknown => {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value) && step.startsWith('-')) return value.at(Number(step))
  return Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined
}
