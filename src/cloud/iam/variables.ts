import { literally, type Pattern, wildcards } from './pattern.ts'

/** What is known about a request, by condition key: `aws:username`, `dynamodb:LeadingKeys`. */
export type Context = Readonly<Record<string, string | readonly string[]>>

/** `${aws:username}`, `${aws:username, 'nobody'}`, `${*}`. */
const VARIABLE = /\$\{([^}]*)\}/g
const WITH_DEFAULT = /^([^,]+?)\s*,\s*'([^']*)'$/

/**
 * A policy's text as a pattern, with its variables filled in from `context` (undefined: the policy's version has
 * no variables, and the text is taken as it stands). Answers undefined when a variable has no value and no default:
 * such a text matches nothing. A variable's value is taken literally: a star in a user name is no wildcard.
 */
export function fillIn(text: string, context: Context | undefined): Pattern | undefined {
  if (!context || !text.includes('${')) return wildcards(text)
  const parts: Pattern[] = []
  let from = 0
  for (const found of text.matchAll(VARIABLE)) {
    const value = standsFor(found[1]!.trim(), context)
    if (value === undefined) return undefined
    parts.push(wildcards(text.slice(from, found.index)), literally(value))
    from = found.index + found[0].length
  }
  return [...parts.flat(), ...wildcards(text.slice(from))]
}

/** The same for operators that know no wildcards: the text itself, variables filled in. */
export function fillInText(text: string, context: Context | undefined): string | undefined {
  if (!context) return text
  let missing = false
  const filled = text.replace(VARIABLE, (_, name: string) => {
    const value = standsFor(name.trim(), context)
    missing ||= value === undefined
    return value ?? ''
  })
  return missing ? undefined : filled
}

/** The value of a condition key, whose name is not case-sensitive. */
export function lookUp(context: Context, key: string): string | readonly string[] | undefined {
  const direct = context[key]
  if (direct !== undefined) return direct
  const lower = key.toLowerCase()
  for (const name in context) if (name.toLowerCase() === lower) return context[name]
  return undefined
}

function standsFor(name: string, context: Context): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name
  const [, key = name, otherwise] = WITH_DEFAULT.exec(name) ?? []
  const value = lookUp(context, key)
  // A key with several values cannot be a variable, says the IAM guide: only a lone one stands for something.
  const lone = typeof value === 'string' ? value : value?.length === 1 ? value[0] : undefined
  return lone ?? otherwise
}
