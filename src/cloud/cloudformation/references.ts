import { isObject } from './template.ts'

/** One place in a template that speaks of something by name. */
export interface Reference {
  readonly kind: 'Ref' | 'GetAtt' | 'Sub' | 'If' | 'Import' | 'StackOutput' | 'Function'
  /** The logical id, condition or function that is spoken of; '' where it is not a literal. */
  readonly name: string
  /** GetAtt and Sub: the attribute, where one is asked for. */
  readonly attribute?: string
  /** Import and StackOutput: the function's argument, as written. */
  readonly argument?: unknown
  readonly path: string
}

/** The variables of an `Fn::Sub` text: `${Name}`, and `${!Literal}` which is none. */
export const SUB_VARIABLE = /\$\{(!?)([^}]*)\}/g

/**
 * Everything that `value` speaks of, in the order in which it does. With `taken`, an `Fn::If` whose outcome is known
 * is followed on that side only: the other side is no dependency.
 */
export function references(
  value: unknown,
  path: string,
  taken: (condition: string) => boolean | undefined = () => undefined,
): readonly Reference[] {
  const found: Reference[] = []
  walk(value, path)
  return found

  function walk(value: unknown, path: string) {
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) walk(one, `${path}.${index}`)
      return
    }
    if (!isObject(value)) return
    const [name, ...others] = Object.keys(value)
    if (name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
      call(name, value[name], `${path}.${name}`)
    } else {
      for (const [key, one] of Object.entries(value)) walk(one, `${path}.${key}`)
    }
  }

  function call(name: string, argument: unknown, path: string) {
    found.push({ kind: 'Function', name, path })
    if (name === 'Ref') found.push({ kind: 'Ref', name: text(argument), path })
    else if (name === 'Fn::GetAtt') getAtt(argument, path)
    else if (name === 'Fn::Sub') sub(argument, path)
    else if (name === 'Fn::If') choose(argument, path)
    else walk(argument, path)

    if (name === 'Fn::ImportValue') found.push({ kind: 'Import', name: text(argument), argument, path })
    if (name === 'Fn::GetStackOutput') found.push({ kind: 'StackOutput', name: '', argument, path })
  }

  function getAtt(argument: unknown, path: string) {
    const [name, attribute] = splitGetAtt(argument)
    found.push({ kind: 'GetAtt', name, path, ...(typeof attribute === 'string' && { attribute }) })
    if (typeof attribute !== 'string') walk(attribute, path)
  }

  function sub(argument: unknown, path: string) {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}]
    for (const [, literal, variable = ''] of text(template).matchAll(SUB_VARIABLE)) {
      if (literal || Object.hasOwn(variables ?? {}, variable)) continue
      const [name = '', ...attribute] = variable.split('.')
      found.push({
        kind: 'Sub',
        name,
        path,
        ...(attribute.length > 0 && { attribute: attribute.join('.') }),
      })
    }
    walk(variables, path)
  }

  function choose(argument: unknown, path: string) {
    const [condition, yes, no] = Array.isArray(argument) ? argument : []
    found.push({ kind: 'If', name: text(condition), path })
    const outcome = taken(text(condition))
    if (outcome !== false) walk(yes, `${path}.1`)
    if (outcome !== true) walk(no, `${path}.2`)
  }
}

/** `"A.B.C"` and `["A", "B.C"]` alike: the logical id, and the attribute, which may be an intrinsic itself. */
export function splitGetAtt(argument: unknown): readonly [string, unknown] {
  if (Array.isArray(argument))
    return [text(argument[0]), argument.length > 2 ? argument.slice(1).join('.') : argument[1]]
  const [name = '', ...attribute] = text(argument).split('.')
  return [name, attribute.join('.')]
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
