import { isObject, type Template, TemplateProblem } from './template.ts'

/**
 * Looks at what CloudFormation refuses wherever it stands, in its own words: `null`, names of parameters, mappings
 * that have not two levels, and an `Fn::Equals` that does not compare two values. Throws `TemplateProblem`.
 */
export function sectionsAreSound(template: Template): void {
  nothingIsNull(template, '')
  for (const name of Object.keys(template.Parameters ?? {})) {
    if (/^[A-Za-z0-9]+$/.test(name)) continue
    throw new TemplateProblem(
      `Template format error: Parameter name ${name} is non alphanumeric.`,
      `Parameters.${name}`,
    )
  }
  mappingsAreSound(template.Mappings ?? {})
  equalsAreSound(template.Conditions, 'Conditions')
}

function nothingIsNull(value: unknown, path: string): void {
  if (value === null) {
    throw new TemplateProblem(
      `[${path}] 'null' values are not allowed in templates`,
      path.slice(1).replaceAll('/', '.'),
    )
  }
  if (typeof value !== 'object') return
  for (const [key, one] of Object.entries(value)) nothingIsNull(one, `${path}/${key}`)
}

function mappingsAreSound(mappings: Readonly<Record<string, unknown>>): void {
  for (const [mapName, mapping] of Object.entries(mappings)) {
    const path = `Mappings.${mapName}`
    if (!isObject(mapping)) throw mustBeMap(mapName, path)
    for (const [topKey, row] of Object.entries(mapping)) {
      if (!isObject(row)) throw mustBeMap(topKey, `${path}.${topKey}`)
      for (const [key, value] of Object.entries(row)) {
        if (isPlain(value) || (Array.isArray(value) && value.every(isPlain))) continue
        throw new TemplateProblem(
          'Template format error: Every Mappings attribute must be a String or a List.',
          `${path}.${topKey}.${key}`,
        )
      }
    }
  }
}

const mustBeMap = (name: string, path: string) =>
  new TemplateProblem(`Template format error: Every Mappings member ${name} must be a map`, path)

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

/** Also where no resource asks for the condition. */
function equalsAreSound(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) {
    if (key === 'Fn::Equals' && !(Array.isArray(one) && one.length === 2)) throw notTwo(`${path}.${key}`)
    equalsAreSound(one, `${path}.${key}`)
  }
}

/** The refusal of an `Fn::Equals` that has not two values. */
export const notTwo = (path: string) =>
  new TemplateProblem('Template error: every Fn::Equals object requires a list of 2 string parameters.', path)
