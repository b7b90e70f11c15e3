import { JSONPath } from 'jsonpath-plus'
import { AwsError } from '../error.ts'

/** Finds a value in parsed JSON; `undefined` when there is none. */
export type Path = (document: unknown) => unknown

/** Dots and brackets with a number or a quoted name: what nearly every path is made of. */
const STEP = /\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y

/**
 * Compiles a JSONPath such as `$.a.b[0]` (facts: B2). A path that can find several things (`..`, `*`, slices, filters) gives an array,
 * as Jayway's JsonPath does, which is what AWS runs. Throws `BadRequestException` for filters and scripts, which are not run here.
 */
export function compilePath(path: string): Path {
  const steps = simpleSteps(path)
  if (steps) return document => steps.reduce<unknown>(into, document)
  if (path.includes('(')) {
    throw new AwsError(
      'BadRequestException',
      `Invalid JSONPath ${path}: filters and scripts are not run here`,
    )
  }
  return document =>
    typeof document === 'object' && document !== null
      ? JSONPath({ path, json: document as object, eval: false, wrap: true })
      : undefined
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

// Only what the client sent: `constructor` and the like are nowhere to be found in JSON.
const into = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined
