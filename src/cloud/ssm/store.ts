import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import { currentOf, type Parameter, type ParameterType, type ParameterVersion } from './parameter.ts'

/** What a parameter is put with. */
export interface NewVersion {
  readonly name: string
  readonly value: string
  /** Of an existing parameter the type stays if none is given. */
  readonly type?: string | undefined
  readonly description?: string | undefined
  readonly allowedPattern?: string | undefined
  readonly keyId?: string | undefined
  readonly dataType?: string | undefined
  readonly tier?: string | undefined
  readonly overwrite?: boolean | undefined
  readonly by: string
}

/** Parameter Store. */
export interface Store {
  readonly account: Account
  /** In the order of their names. */
  all(): readonly Parameter[]
  /** By name or ARN. */
  find(nameOrArn: string): Parameter | undefined
  arnOf(nameOrArn: string): string
  /** Throws `ParameterAlreadyExists`, `ValidationException` and the like. */
  put(given: NewVersion): Parameter
  remove(parameter: Parameter): void
  /** Puts back one that has been there before, with its versions. */
  restore(parameter: Parameter): void
}

/** Parameter Store's quotas: a standard parameter's characters, an advanced one's, and versions that are kept. */
const MOST = { Standard: 4096, Advanced: 8192, versions: 100 }

/** An account without parameters. */
export function openStore({ account, clock }: { readonly account: Account; readonly clock: Clock }): Store {
  const parameters = new Map<string, Parameter>()
  const { partition, region, accountId } = account
  const prefix = `arn:${partition}:ssm:${region}:${accountId}:parameter`

  const store: Store = {
    account,
    all: () => [...parameters.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    find: nameOrArn => parameters.get(nameOrArn) ?? store.all().find(({ arn }) => arn === nameOrArn),
    arnOf: name => (name.startsWith('arn:') ? name : `${prefix}${name.startsWith('/') ? '' : '/'}${name}`),
    put(given) {
      checkName(given.name)
      const existing = parameters.get(given.name)
      if (existing && !given.overwrite) {
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        )
      }
      const parameter: Parameter = existing ?? {
        name: given.name,
        arn: store.arnOf(given.name),
        versions: [],
        tags: new Map(),
      }
      parameter.versions.push(versionFrom(given, existing && currentOf(existing), clock.now()))
      if (parameter.versions.length > MOST.versions) parameter.versions.shift()
      parameters.set(given.name, parameter)
      return parameter
    },
    remove: ({ name }) => void parameters.delete(name),
    restore: parameter => void parameters.set(parameter.name, parameter),
  }
  return store
}

function versionFrom(given: NewVersion, before: ParameterVersion | undefined, now: number): ParameterVersion {
  const type = given.type ?? before?.type
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.')
  if (!['String', 'StringList', 'SecureString'].includes(type)) {
    throw invalid(
      `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]`,
    )
  }
  const asked = given.tier ?? before?.tier ?? 'Standard'
  const tier =
    asked === 'Intelligent-Tiering' ? (given.value.length > MOST.Standard ? 'Advanced' : 'Standard') : asked
  checkValue(given.value, tier, given.allowedPattern ?? before?.allowedPattern)
  return {
    version: (before?.version ?? 0) + 1,
    value: given.value,
    type: type as ParameterType,
    modifiedAt: now,
    modifiedBy: given.by,
    description: given.description ?? before?.description,
    allowedPattern: given.allowedPattern ?? before?.allowedPattern,
    keyId: type === 'SecureString' ? (given.keyId ?? before?.keyId ?? 'alias/aws/ssm') : undefined,
    dataType: given.dataType ?? before?.dataType ?? 'text',
    tier,
  }
}

function checkValue(value: string, tier: string, pattern: string | undefined): void {
  if (value === '') {
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    )
  }
  if (tier !== 'Advanced' && value.length > MOST.Standard) {
    throw invalid(
      `Standard tier parameters support a maximum parameter value of ${MOST.Standard} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    )
  }
  if (value.length > MOST.Advanced) {
    throw invalid(
      `Advanced tier parameters support a maximum parameter value of ${MOST.Advanced} characters.`,
    )
  }
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    )
  }
}

/** "Requirements and constraints for parameter names" in the Systems Manager guide. */
function checkName(name: string): void {
  if (/^\/?aws/i.test(name)) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`)
  }
  if (!/^[\w./-]{1,2048}$/.test(name) || /^\/?ssm/i.test(name) || /\/\/|\/$/.test(name)) {
    throw invalid(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    )
  }
  if (name.includes('/') && !name.startsWith('/'))
    throw invalid('Parameter name must be a fully qualified name.')
  if (name.split('/').length - 1 > 15) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      'The hierarchy can have a maximum of 15 levels.',
    )
  }
}

export const invalid = (message: string) => new AwsError('ValidationException', message)
