import { invalid } from './errors.ts'

/** An attribute that users of a pool may have. */
export interface SchemaAttribute {
  /** `email`, `custom:tier`, `dev:custom:score`. */
  readonly Name: string
  readonly AttributeDataType: 'String' | 'Number' | 'DateTime' | 'Boolean'
  readonly DeveloperOnlyAttribute: boolean
  readonly Mutable: boolean
  readonly Required: boolean
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string }
  readonly NumberAttributeConstraints?: { readonly MinValue?: string; readonly MaxValue?: string }
}

/** An attribute in a request or an answer. */
export interface Attribute {
  readonly Name: string
  readonly Value?: string
}

/** The attributes that every pool has, in the order in which DescribeUserPool lists them. */
const STANDARD: readonly SchemaAttribute[] = [
  { ...text('sub', { MinLength: '1', MaxLength: '2048' }), Mutable: false, Required: true },
  ...[
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'email',
  ].map(name => text(name)),
  truth('email_verified'),
  text('gender'),
  text('birthdate', { MinLength: '10', MaxLength: '10' }),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  truth('phone_number_verified'),
  text('address'),
  {
    ...truth('updated_at'),
    AttributeDataType: 'Number',
    NumberAttributeConstraints: { MinValue: '0' },
  },
]

/** Set by Cognito, or by those who may use the Admin operations. */
const VERIFIED: readonly string[] = ['email_verified', 'phone_number_verified']

/**
 * The whole schema of a pool whose `Schema` property is this: a standard attribute named there is changed, any other added
 * as `custom:` or, for developers only, `dev:custom:`.
 */
export function readSchema(given: readonly Readonly<Record<string, any>>[]): readonly SchemaAttribute[] {
  const schema = new Map(STANDARD.map(one => [one.Name, one]))
  for (const one of given) {
    const standard = schema.get(one.Name)
    const isForDevelopers = isTrue(one.DeveloperOnlyAttribute)
    const Name = standard ? one.Name : `${isForDevelopers ? 'dev:' : ''}custom:${one.Name}`
    if (!standard && isTrue(one.Required)) {
      throw invalid('Required custom attributes are not supported currently.')
    }
    schema.set(Name, {
      Name,
      AttributeDataType: one.AttributeDataType ?? standard?.AttributeDataType ?? 'String',
      DeveloperOnlyAttribute: isForDevelopers,
      // A standard attribute is mutable unless that is said, one's own is not.
      Mutable: one.Mutable === undefined ? standard !== undefined : isTrue(one.Mutable),
      Required: isTrue(one.Required),
      ...(one.StringAttributeConstraints
        ? { StringAttributeConstraints: one.StringAttributeConstraints }
        : standard?.StringAttributeConstraints
          ? { StringAttributeConstraints: standard.StringAttributeConstraints }
          : {}),
      ...(one.NumberAttributeConstraints
        ? { NumberAttributeConstraints: one.NumberAttributeConstraints }
        : {}),
    })
  }
  return [...schema.values()]
}

/**
 * Checks attributes that somebody is to have. `all` are those that the user has then, where the required ones must be.
 *
 * @throws InvalidParameterException. The words about lengths, numbers and types are assumed.
 */
export function checkAttributes(
  schema: readonly SchemaAttribute[],
  given: readonly Attribute[],
  all?: ReadonlyMap<string, string>,
): void {
  const wrong = given.flatMap(({ Name, Value = '' }) => {
    const rule = schema.find(one => one.Name === Name)
    const problem = rule ? problemOf(rule, Value) : 'Attribute does not exist in the schema.'
    return problem ? [`${Name}: ${problem}`] : []
  })
  for (const { Name, Required } of all ? schema : []) {
    if (Required && Name !== 'sub' && !all?.get(Name)) wrong.push(`${Name}: The attribute is required`)
  }
  if (wrong.length > 0) {
    throw invalid(`Attributes did not conform to the schema: ${wrong.map(line => `${line}\n`).join('')}`)
  }
  for (const { Name, Value = '' } of given) {
    if (Name === 'email' && Value && !isEmail(Value)) throw invalid('Invalid email address format.')
    if (Name === 'phone_number' && Value && !isPhoneNumber(Value)) {
      throw invalid('Invalid phone number format.')
    }
  }
}

function problemOf(rule: SchemaAttribute, value: string): string | undefined {
  if (value === '') return undefined
  const { MinLength, MaxLength } = rule.StringAttributeConstraints ?? {}
  const { MinValue, MaxValue } = rule.NumberAttributeConstraints ?? {}
  if (rule.AttributeDataType === 'Number') {
    const number = Number(value)
    if (!Number.isInteger(number)) return 'Attribute value is not a number'
    if (MinValue !== undefined && number < Number(MinValue)) return `Number must be at least ${MinValue}`
    if (MaxValue !== undefined && number > Number(MaxValue)) return `Number must be at most ${MaxValue}`
  }
  if (rule.AttributeDataType === 'Boolean' && !/^(true|false)$/i.test(value)) {
    return 'Attribute value is not a boolean'
  }
  if (rule.AttributeDataType !== 'String') return undefined
  if (MinLength !== undefined && value.length < Number(MinLength)) {
    return `String must be at least ${MinLength} characters long`
  }
  if (MaxLength !== undefined && value.length > Number(MaxLength)) {
    return `String must be no longer than ${MaxLength} characters`
  }
  return undefined
}

/** Whether a client may write an attribute that it is not said to: any but those that say what has been verified. */
export const isForClients = (name: string): boolean =>
  !VERIFIED.includes(name) && name !== 'sub' && !name.startsWith('dev:')

export const isEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+$/.test(value)
/** E.164. */
export const isPhoneNumber = (value: string): boolean => /^\+[1-9]\d{1,14}$/.test(value)

/** Templates may write booleans as text. */
export const isTrue = (value: unknown): boolean => String(value) === 'true'

function text(
  Name: string,
  StringAttributeConstraints = { MinLength: '0', MaxLength: '2048' },
): SchemaAttribute {
  return {
    Name,
    AttributeDataType: 'String',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    StringAttributeConstraints,
  }
}

function truth(Name: string): SchemaAttribute {
  return {
    Name,
    AttributeDataType: 'Boolean',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
  }
}
