import { conditionFunctions, valueFunctions } from './functions.ts'
import { NO_VALUE, NotYetKnown, type Scope } from './intrinsic.ts'
import { isObject, TemplateProblem } from './template.ts'

/** Works out every intrinsic in `value`. Throws `TemplateProblem` with the place. A lone `AWS::NoValue` gives undefined. */
export function evaluate(value: unknown, scope: Scope, path: string): unknown {
  const result = evaluateAt(value, scope, path, false)
  return result === NO_VALUE ? undefined : result
}

/** Works out a condition, where `Condition` and the boolean functions may stand. */
export function evaluateCondition(value: unknown, scope: Scope, path: string): boolean {
  const result = evaluateAt(value, scope, path, true)
  if (result === true || result === 'true') return true
  if (result === false || result === 'false') return false
  throw new TemplateProblem('Template error: every condition must evaluate to true or false', path)
}

/**
 * Works out as much as is known before the stack is made, and leaves the rest as it is written: what a survey looks
 * at, so that it sees the literal behind a parameter, a mapping or a condition.
 */
export function settle(value: unknown, scope: Scope, path: string): unknown {
  const settled = settleAt(value, scope, path)
  return settled === NO_VALUE ? undefined : settled
}

function settleAt(value: unknown, scope: Scope, path: string): unknown {
  try {
    return evaluateAt(value, scope, path, false)
  } catch (error) {
    // Something in it hangs on a resource that does not exist yet: the parts may still be known.
    if (!(error instanceof NotYetKnown)) throw error
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => settleAt(one, scope, `${path}.${index}`)).filter(one => one !== NO_VALUE)
  }
  const name = functionName(value)
  if (!name)
    return members(value as Record<string, unknown>, (one, key) => settleAt(one, scope, `${path}.${key}`))
  if (name !== 'Fn::If') return value
  const [condition, yes, no] = (value as any)['Fn::If']
  return scope.condition(condition) ? settleAt(yes, scope, path) : settleAt(no, scope, path)
}

function evaluateAt(value: unknown, scope: Scope, path: string, inCondition: boolean): unknown {
  const name = functionName(value, inCondition)
  if (name) {
    const known = inCondition ? conditionFunctions : valueFunctions
    const intrinsic = Object.hasOwn(known, name) ? known[name] : undefined
    if (!intrinsic) throw unsupportedFunction(name, Object.keys(known), path)
    const here = `${path}.${name}`
    return intrinsic((value as Record<string, unknown>)[name], {
      scope,
      path: here,
      inCondition,
      evaluate: (part, step) =>
        evaluateAt(part, scope, step === undefined ? here : `${here}.${step}`, inCondition),
    })
  }
  if (Array.isArray(value)) {
    return value
      .map((one, index) => evaluateAt(one, scope, `${path}.${index}`, inCondition))
      .filter(one => one !== NO_VALUE)
  }
  if (!isObject(value)) return value
  const stray = Object.keys(value).find(key => key.startsWith('Fn::'))
  if (stray) {
    throw new TemplateProblem(`Template format error: ${stray} must be the only member of its object`, path)
  }
  return members(value, (one, key) => evaluateAt(one, scope, `${path}.${key}`, inCondition))
}

function members(value: Readonly<Record<string, unknown>>, change: (one: unknown, key: string) => unknown) {
  const changed: [string, unknown][] = Object.entries(value).map(([key, one]) => [key, change(one, key)])
  return Object.fromEntries(changed.filter(([, one]) => one !== NO_VALUE))
}

function functionName(value: unknown, inCondition = false): string | undefined {
  if (!isObject(value)) return
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0) return
  if (name === 'Ref' || name.startsWith('Fn::') || (inCondition && name === 'Condition')) return name
  return
}

const unsupportedFunction = (name: string, known: readonly string[], path: string) =>
  new TemplateProblem(
    `Template error: encountered unsupported function: ${name} Supported functions are: [${known.join(', ')}]`,
    path,
  )
