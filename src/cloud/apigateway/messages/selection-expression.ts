import { compilePath } from './json-path.ts'

/** What an expression can look at. */
export interface Sources {
  /** The message as parsed JSON; `undefined` when it is none. */
  readonly body?: unknown
  readonly context?: unknown
  readonly stageVariables?: Readonly<Record<string, string>>
  /** The integration's answer, for expressions that are evaluated on the way back. */
  readonly integration?: {
    readonly status: number
    /** All values of a name in lower case. */
    readonly headers: Readonly<Record<string, readonly string[]>>
    readonly body: unknown
  }
}

/** An expression ready for use: always gives text, `''` for what is not there (facts: B3). */
export type Selection = (sources: Sources) => string

/** A variable with braces, one without, an escaped dollar, or text up to the next of these. */
const PIECE =
  /\$\{([^}]*)\}|\$((?:request|context|stageVariables|integration)(?:[\w.@*]|\[[^\]]*\]|-(?=\w))*)|\\\$|[^$\\]+|[$\\]/gy

/**
 * Compiles a selection expression: `$request.body.x`, `${request.body.x}`, both amid text, or plain text such as
 * `$default` or `\$default` (facts: B1, C12). Evaluated once; what it gives is not looked at again (facts: B4).
 */
export function compileSelection(expression: string): Selection {
  const parts = [...expression.matchAll(PIECE)].map(([text, braced, bare]): Selection => {
    const variable = braced ?? bare
    if (variable !== undefined) return compileVariable(variable)
    return always(text === '\\$' ? '$' : text)
  })
  if (parts.length === 1) return parts[0]!
  return sources => parts.map(part => part(sources)).join('')
}

function compileVariable(variable: string): Selection {
  const [, root = '', rest = ''] =
    /^(request\.body|context|stageVariables|integration\.response\.(?:statuscode|body|header|multivalueheader))(.*)$/s.exec(
      variable.trim(),
    ) ?? []
  if (root === 'integration.response.statuscode') return ({ integration }) => asText(integration?.status)
  const header = rest.slice(1).toLowerCase()
  // Of several values the last (assumed: as in REST).
  if (root === 'integration.response.header')
    return ({ integration }) => asText(integration?.headers[header]?.at(-1))
  if (root === 'integration.response.multivalueheader')
    return ({ integration }) => asText(integration?.headers[header])
  const path = compilePath(`$${rest}`)
  if (root === 'request.body') return ({ body }) => asText(path(body))
  if (root === 'context') return ({ context }) => asText(path(context))
  if (root === 'stageVariables') return ({ stageVariables }) => asText(path(stageVariables))
  if (root === 'integration.response.body') return ({ integration }) => asText(path(integration?.body))
  return always('')
}

/** Arrays become `[item1, item2]` (facts: B4); numbers and booleans their own text (B5); objects JSON, `null` nothing (both assumed). */
function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`
  return JSON.stringify(value)
}

const always = (text: string) => () => text
