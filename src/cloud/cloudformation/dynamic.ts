import type { Caller } from './caller.ts'
import { isObject, type Template, TemplateProblem } from './template.ts'

/**
 * Answers `{{resolve:ssm:/name:1}}`, given what stands between the braces, with the deployer's rights. Undefined when
 * there is no such parameter. Throws AWS's refusal.
 */
export type DynamicLookup = (
  reference: string,
  caller?: Caller,
) => string | undefined | Promise<string | undefined>

const REFERENCE = /\{\{(resolve:[^}]+)\}\}/g

/** The dynamic references in a value: `resolve:ssm:/name:1`. */
export function dynamicReferences(value: unknown): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(REFERENCE)].map(([, reference]) => reference!)
  if (Array.isArray(value)) return value.flatMap(dynamicReferences)
  return isObject(value) ? Object.values(value).flatMap(dynamicReferences) : []
}

/** The services that a reference may name, and what one looks like that names them. `ssm` is the only one that is here. */
const FORMS: Readonly<Record<string, RegExp>> = {
  ssm: /^resolve:ssm:[\w./-]+(:\d+)?$/,
  'ssm-secure': /^resolve:ssm-secure:[\w./-]+(:\d+)?$/,
  secretsmanager: /^resolve:secretsmanager:\S+$/,
}

/** The name of the parameter that a reference asks for; undefined when it asks another service. */
export const ssmNameIn = (reference: string): string | undefined =>
  /^resolve:ssm:([^:]+)/.exec(reference)?.[1]

/** Whether a reference asks a service that this cloud does not have. */
export const isForeign = (reference: string): boolean => reference.startsWith('resolve:secretsmanager:')

/** Properties in which CloudFormation takes a SecureString. In all others it refuses one. */
const SECURE = /^(DirectoryService|ElastiCache|IAM|KinesisFirehose|OpsWorks|RDS|Redshift)$/

/**
 * Looks at the references that are written out in full. Throws CloudFormation's refusal of one of no known form, and of
 * a SecureString where there may be none.
 */
export function dynamicReferencesAreSound({ Resources }: Template): void {
  const secure: string[] = []
  for (const [logicalId, { Type, Properties }] of Object.entries(Resources)) {
    walk(Properties, [], (text, place) => {
      for (const reference of dynamicReferences(text)) {
        const service = reference.split(':')[1]!
        if (!FORMS[service]?.test(reference) && /^ssm/.test(service)) {
          throw new TemplateProblem(
            `Incorrect format is used in the following SSM reference: [{{${reference}}}]`,
            `Resources.${logicalId}.Properties`,
          )
        }
        if (service === 'ssm-secure' && !SECURE.test(Type.split('::')[1] ?? '')) {
          secure.push(`${Type}/${['Properties', ...place].join('/')}`)
        }
      }
    })
  }
  if (secure.length > 0)
    throw new TemplateProblem(`SSM Secure reference is not supported in: [${secure.join(',')}]`)
}

function walk(
  value: unknown,
  place: readonly string[],
  see: (text: string, place: readonly string[]) => void,
) {
  if (typeof value === 'string') see(value, place)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) walk(one, [...place, key], see)
  }
}

/** Puts in what dynamic references stand for. Throws `TemplateProblem` for one that nobody can answer. */
export async function resolveDynamic(
  value: unknown,
  path: string,
  lookup?: DynamicLookup,
  caller?: Caller,
): Promise<unknown> {
  const found = new Map<string, string>()
  for (const reference of dynamicReferences(value)) {
    if (isForeign(reference)) {
      throw new TemplateProblem(`The local cloud has no service for {{${reference}}}`, path)
    }
    const answer = await lookup?.(reference, caller)
    if (answer === undefined) {
      const asked = reference.replace('resolve:', '')
      throw new TemplateProblem(`Parameters: [${asked}] cannot be found.`, path)
    }
    found.set(reference, answer)
  }
  return found.size === 0 ? value : replace(value, found)
}

function replace(value: unknown, found: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.replace(REFERENCE, (_, reference) => found.get(reference)!)
  if (Array.isArray(value)) return value.map(one => replace(one, found))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replace(one, found)]))
}
