import type { Caller } from './caller.ts'
import { exists, isKnownType } from './parameter-types.ts'
import { type ParameterDefinition, type Template, TemplateProblem } from './template.ts'

/** The parameter that CDK's default synthesizer adds, and the rule that looks at it: there is nothing to bootstrap here. */
export const BOOTSTRAP_PARAMETER = 'BootstrapVersion'
export const BOOTSTRAP_RULE = 'CheckBootstrapVersion'

/** What the bootstrap parameter is taken to say: newer than any rule asks for. */
const BOOTSTRAP_VERSION = '30'

const SSM_VALUE = 'AWS::SSM::Parameter::Value<'

/**
 * Looks up a parameter of Systems Manager by its name, with the deployer's rights. Undefined when there is none. Throws AWS's
 * refusal.
 */
export type SsmLookup = (name: string, caller?: Caller) => string | undefined | Promise<string | undefined>

/** Whether this parameter is read from Systems Manager when the stack is made. */
export const isSsmParameter = (name: string, { Type }: ParameterDefinition): boolean =>
  Type.startsWith(SSM_VALUE) && name !== BOOTSTRAP_PARAMETER

/** What is wrong with a parameter's type, for a survey; undefined when it can be run. */
export function unsupportedParameter(definition: ParameterDefinition): string | undefined {
  return isKnownType(innerType(definition.Type)) ? undefined : `a parameter of type ${definition.Type}`
}

/** A parameter that AWS itself publishes, such as the id of an image. None of them is here. */
export function publicParameter(
  name: string,
  definition: ParameterDefinition,
  given: Readonly<Record<string, string>>,
): string | undefined {
  if (!isSsmParameter(name, definition)) return
  const text = textOf(name, definition, given)
  return text?.startsWith('/aws/') ? `the public parameter ${text}` : undefined
}

/**
 * The parameters' values as `Ref` gives them: texts, numbers, or lists of texts. Throws CloudFormation's
 * `ValidationError`: `Parameters: [X] must have values`, or what a constraint has to say.
 */
export async function parameterValues(
  template: Template,
  given: Readonly<Record<string, string>>,
  ssm?: SsmLookup,
): Promise<ReadonlyMap<string, unknown>> {
  parametersComplete(template, given)
  const values = new Map(parametersKnown(template, given))
  const lost: string[] = []
  for (const [name, definition] of Object.entries(template.Parameters ?? {})) {
    if (!isSsmParameter(name, definition)) continue
    const text = textOf(name, definition, given)!
    const value = await ssm?.(text)
    if (value === undefined) lost.push(text)
    else {
      exists(name, value, definition)
      values.set(name, typed(value, definition))
    }
  }
  if (lost.length > 0) {
    throw new TemplateProblem(
      `Unable to fetch parameters [${[...new Set(lost)].join(',')}] from parameter store for this account.`,
      'Parameters',
    )
  }
  return values
}

/** Throws CloudFormation's refusal of parameters that the template does not have, or that have no value. */
export function parametersComplete(template: Template, given: Readonly<Record<string, string>>): void {
  const definitions = template.Parameters ?? {}
  const stray = Object.keys(given).filter(name => !Object.hasOwn(definitions, name))
  if (stray.length > 0)
    throw new TemplateProblem(`Parameters: [${stray.join(', ')}] do not exist in the template`)
  const missing = Object.keys(definitions).filter(
    name => textOf(name, definitions[name]!, given) === undefined,
  )
  if (missing.length > 0) throw new TemplateProblem(`Parameters: [${missing.join(', ')}] must have values`)
}

/** The values known without a look into Systems Manager; those that are missing are left out. Throws what a constraint says. */
export function parametersKnown(
  template: Template,
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [name, definition] of Object.entries(template.Parameters ?? {})) {
    const text = textOf(name, definition, given)
    if (text === undefined) continue
    check(name, text, definition)
    if (name === BOOTSTRAP_PARAMETER) values.set(name, BOOTSTRAP_VERSION)
    else if (!isSsmParameter(name, definition)) {
      exists(name, text, definition)
      values.set(name, typed(text, definition))
    }
  }
  return values
}

/** The values that an update keeps, as texts. Throws CloudFormation's refusal of a parameter that there was not. */
export function keptParameters(
  names: readonly string[],
  template: Template,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const before = template.Parameters ?? {}
  return Object.fromEntries(
    names.map(name => {
      const text = Object.hasOwn(before, name) ? textOf(name, before[name]!, given) : undefined
      if (text !== undefined) return [name, text]
      throw new TemplateProblem(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      )
    }),
  )
}

function check(name: string, text: string, definition: ParameterDefinition) {
  const { AllowedValues, AllowedPattern, ConstraintDescription, MinLength, MaxLength, MinValue, MaxValue } =
    definition
  const refuse = (words: string): never => {
    const message = ConstraintDescription
      ? `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}`
      : words
    throw new TemplateProblem(message, `Parameters.${name}`)
  }
  if (definition.Type === 'Number' && (text.trim() === '' || Number.isNaN(Number(text)))) {
    refuse(`Parameter '${name}' must be a number.`)
  }
  for (const one of isList(definition) ? text.split(',').map(item => item.trim()) : [text]) {
    if (AllowedValues && !AllowedValues.map(String).includes(one)) {
      refuse(`Template error: Parameter '${name}' must be one of AllowedValues`)
    }
    if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(one)) {
      refuse(`Parameter '${name}' must match pattern ${AllowedPattern}`)
    }
    if (definition.Type === 'List<Number>' && (one === '' || Number.isNaN(Number(one)))) {
      refuse(`Parameter '${name}' must be a list of numbers.`)
    }
  }
  if (MinLength !== undefined && text.length < Number(MinLength)) {
    refuse(`Parameter '${name}' must contain at least ${MinLength} characters`)
  }
  if (MaxLength !== undefined && text.length > Number(MaxLength)) {
    refuse(`Parameter '${name}' must contain at most ${MaxLength} characters`)
  }
  if (MinValue !== undefined && Number(text) < Number(MinValue)) {
    refuse(`Parameter '${name}' must be a number not less than ${MinValue}`)
  }
  if (MaxValue !== undefined && Number(text) > Number(MaxValue)) {
    refuse(`Parameter '${name}' must be a number not greater than ${MaxValue}`)
  }
}

function typed(text: string, definition: ParameterDefinition): unknown {
  if (isList(definition)) return text === '' ? [] : text.split(',').map(one => one.trim())
  return innerType(definition.Type) === 'Number' ? Number(text) : text
}

const textOf = (name: string, { Default }: ParameterDefinition, given: Readonly<Record<string, string>>) => {
  if (given[name] !== undefined || Default === undefined) return given[name]
  return Array.isArray(Default) ? Default.join(',') : String(Default)
}

const innerType = (type: string) => (type.startsWith(SSM_VALUE) ? type.slice(SSM_VALUE.length, -1) : type)

const isList = ({ Type }: ParameterDefinition) =>
  innerType(Type) === 'CommaDelimitedList' || innerType(Type).startsWith('List<')
