import { createRequire } from 'node:module'
import { isObject, type Template, TemplateProblem } from '../template.ts'

/** CloudFormation's quota on a template in a request, in bytes; one in S3 may have 1 MB. */
const MAX_BODY = 51_200
const MAX_STORED = 1_000_000

/** The part of js-yaml that is used here; it brings no types of its own. */
interface Yaml {
  readonly CORE_SCHEMA: { extend(types: readonly unknown[]): unknown }
  readonly Type: new (
    tag: string,
    options: { kind: 'scalar' | 'sequence' | 'mapping'; construct(value: any): unknown },
  ) => unknown
  readonly YAMLException: new (
    ...given: any[]
  ) => Error & { readonly mark?: { readonly line: number; readonly column: number } }
  load(text: string, options: { readonly schema: unknown }): unknown
}
const yaml = createRequire(import.meta.url)('js-yaml') as Yaml

/** Functions that have a short form in YAML: `!Sub` for `Fn::Sub`. */
const SHORT_FORMS = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Not', 'Or'],
  ...['Select', 'Split', 'Sub', 'Transform', 'Length', 'ToJsonString', 'ForEach', 'GetStackOutput'],
]

const schema = yaml.CORE_SCHEMA.extend([
  ...['Ref', 'Condition'].map(name => shortForm(name, 'scalar', value => ({ [name]: value }))),
  shortForm('GetAtt', 'scalar', value => ({
    'Fn::GetAtt': String(value)
      .split(/\.(.*)/s)
      .slice(0, 2),
  })),
  shortForm('GetAtt', 'sequence', value => ({ 'Fn::GetAtt': value })),
  ...SHORT_FORMS.flatMap(name =>
    (['scalar', 'sequence', 'mapping'] as const).map(kind =>
      shortForm(name, kind, value => ({ [`Fn::${name}`]: value })),
    ),
  ),
])

/**
 * Reads a template: JSON where it begins like JSON, YAML otherwise, with the short forms of the functions. Throws
 * `TemplateProblem` for what is neither, and for one that is too large to be sent (`stored`: to lie in S3).
 */
export function readTemplate(text: string, stored = false): Template {
  const most = stored ? MAX_STORED : MAX_BODY
  if (Buffer.byteLength(text) > most) {
    throw new TemplateProblem(
      stored
        ? `Template may not exceed ${MAX_STORED} bytes in size.`
        : `1 validation error detected: Value '${text}' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY}`,
    )
  }
  const template = /^\s*\{/.test(text) ? readJson(text) : readYaml(text)
  if (!isObject(template)) throw new TemplateProblem('Template format error: unsupported structure.')
  return template as unknown as Template
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // V8 tells where; an end that came too early is at the end.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1]
    const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n')
    throw malformed('JSON', before.length, before.at(-1)!.length + 1)
  }
}

function readYaml(text: string): unknown {
  let value: unknown
  try {
    value = yaml.load(text, { schema })
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error
    const { line = 0, column = 0 } = error.mark ?? {}
    throw malformed('YAML', line + 1, column + 1)
  }
  if (hasAlias(value)) {
    throw new TemplateProblem('Template error: YAML aliases are not allowed in CloudFormation templates')
  }
  return value
}

/** What an alias stands for is there twice, as one and the same object. */
function hasAlias(value: unknown, seen: Set<unknown> = new Set()): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (seen.has(value)) return true
  seen.add(value)
  return Object.values(value).some(one => hasAlias(one, seen))
}

function shortForm(
  name: string,
  kind: 'scalar' | 'sequence' | 'mapping',
  construct: (value: any) => Readonly<Record<string, unknown>>,
): unknown {
  return new yaml.Type(`!${name}`, { kind, construct })
}

const malformed = (language: 'JSON' | 'YAML', line: number, column: number) =>
  new TemplateProblem(`Template format error: ${language} not well-formed. (line ${line}, column ${column})`)
