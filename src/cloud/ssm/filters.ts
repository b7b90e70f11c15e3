import { AwsError } from '../error.ts'
import { currentOf, type Parameter } from './parameter.ts'

interface Filter {
  readonly Key: string
  readonly Option?: string
  readonly Values?: readonly string[]
}

/** The parameters that every filter lets through. Throws `InvalidFilterKey` and `InvalidFilterOption`. */
export function filterParameters(
  all: readonly Parameter[],
  filters: readonly Filter[] = [],
): readonly Parameter[] {
  return all.filter(parameter => filters.every(filter => passes(parameter, filter)))
}

function passes(parameter: Parameter, { Key, Option, Values = [] }: Filter): boolean {
  const { type, tier, dataType, keyId } = currentOf(parameter)
  if (Key === 'Path') {
    return Values.some(path => {
      const rest = parameter.name.startsWith(`${path.replace(/\/$/, '')}/`)
        ? parameter.name.slice(path.replace(/\/$/, '').length + 1)
        : undefined
      return rest !== undefined && (Option === 'Recursive' || !rest.includes('/'))
    })
  }
  const tag = /^tag:(.+)$/.exec(Key)?.[1]
  const known: Readonly<Record<string, string | undefined>> = {
    Name: parameter.name,
    Type: type,
    KeyId: keyId,
    Tier: tier,
    DataType: dataType,
  }
  if (tag === undefined && !Object.hasOwn(known, Key)) {
    throw new AwsError('InvalidFilterKey', `The following filter key is not valid: ${Key}.`)
  }
  const value = tag === undefined ? known[Key] : parameter.tags.get(tag)
  if (value === undefined) return false
  if (Option === 'BeginsWith') return Values.some(one => value.startsWith(one))
  if (Option === 'Contains') return Values.some(one => value.includes(one))
  if (Option !== undefined && Option !== 'Equals') {
    throw new AwsError('InvalidFilterOption', `The following filter option is not valid: ${Option}.`)
  }
  return Values.length === 0 || Values.includes(value)
}
