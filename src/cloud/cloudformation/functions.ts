// A table: CloudFormation's intrinsic functions, one after the other, with its own words for what is wrong.

import { cidr } from './cidr.ts'
import { type Intrinsic, NO_VALUE, type Place } from './intrinsic.ts'
import { SUB_VARIABLE, splitGetAtt } from './references.ts'
import { notTwo } from './sections.ts'
import { isObject, TemplateProblem } from './template.ts'

const ref: Intrinsic = (name, { scope, path }) => {
  if (typeof name !== 'string')
    throw new TemplateProblem('Template error: every Ref object must have a single String value.', path)
  if (name.startsWith('AWS::')) return pseudoParameter(name, { scope, path })
  const parameter = scope.parameter(name)
  if (parameter !== undefined) return parameter
  const resource = scope.resource(name)
  if (!resource) throw unresolved(name, path)
  return resource.physicalId
}

const getAtt: Intrinsic = (argument, place) => {
  const [name, attributeName] = splitGetAtt(argument)
  const attribute = place.evaluate(attributeName, 1)
  if (!name || typeof attribute !== 'string' || attribute === '') {
    throw problem(
      'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
      place,
    )
  }
  const resource = place.scope.resource(name)
  if (!resource) throw problem(`instance of Fn::GetAtt references undefined resource ${name}`, place)
  const value = attributeOf(resource.attributes, attribute)
  if (value === undefined) {
    throw problem(`resource ${name} does not support attribute type ${attribute} in Fn::GetAtt`, place)
  }
  return value
}

const sub: Intrinsic = (argument, place) => {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}]
  if (
    typeof text !== 'string' ||
    !isObject(variables) ||
    (Array.isArray(argument) && argument.length !== 2)
  ) {
    throw problem(
      "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
      place,
    )
  }
  return text.replace(SUB_VARIABLE, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`
    if (!/^[\w:.]+$/.test(name)) {
      throw problem(
        'variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons',
        place,
      )
    }
    if (Object.hasOwn(variables, name))
      return asText(place.evaluate(variables[name], `1.${name}`), 'Fn::Sub', place)
    const value = name.includes('.') ? getAtt(name, place) : ref(name, place)
    return asText(value, 'Fn::Sub', place)
  })
}

const join: Intrinsic = (argument, place) => {
  const [delimiter, items, ...more] = Array.isArray(argument) ? argument : []
  const list = place.evaluate(items, 1)
  if (typeof delimiter !== 'string' || !Array.isArray(list) || more.length > 0) {
    throw problem(
      'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.',
      place,
    )
  }
  return list.map(one => asText(one, 'Fn::Join', place)).join(delimiter)
}

const select: Intrinsic = (argument, place) => {
  const [which, items, ...more] = Array.isArray(argument) ? argument : []
  const index = Number(place.evaluate(which, 0))
  const list = place.evaluate(items, 1)
  if (!Array.isArray(list) || which === undefined || more.length > 0) {
    throw problem('Fn::Select requires a list argument with two elements: an integer index and a list', place)
  }
  if (!Number.isInteger(index) || index < 0 || index >= list.length) {
    throw problem(`Fn::Select cannot select nonexistent value at index ${index}`, place)
  }
  return list[index]
}

const split: Intrinsic = (argument, place) => {
  const [delimiter, source, ...more] = Array.isArray(argument) ? argument : []
  const text = place.evaluate(source, 1)
  if (typeof delimiter !== 'string' || delimiter === '' || typeof text !== 'string' || more.length > 0) {
    throw problem(
      'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.',
      place,
    )
  }
  return text.split(delimiter)
}

const choose: Intrinsic = (argument, place) => {
  if (!Array.isArray(argument) || argument.length !== 3) {
    throw problem('Fn::If requires a list argument with three elements', place)
  }
  const outcome = place.scope.condition(argument[0])
  if (outcome === undefined) throw problem(`unresolved condition dependency ${argument[0]} in Fn::If`, place)
  return outcome ? place.evaluate(argument[1], 1) : place.evaluate(argument[2], 2)
}

const findInMap: Intrinsic = (argument, place) => {
  const [mapName, top, second, options] = Array.isArray(argument)
    ? argument.map(place.evaluate)
    : ([] as any[])
  if (second === undefined || argument.length > 4) {
    throw problem(
      'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
      place,
    )
  }
  const mapping = place.scope.mappings[mapName]
  const otherwise = isObject(options) ? options.DefaultValue : undefined
  if (!isObject(mapping) && otherwise === undefined) {
    throw problem(`Mapping named '${mapName}' is not present in the 'Mappings' section of template.`, place)
  }
  const row = isObject(mapping) && Object.hasOwn(mapping, top) ? mapping[top] : undefined
  const found = isObject(row) && Object.hasOwn(row, second) ? row[second] : otherwise
  if (found === undefined) throw problem(`Unable to get mapping for ${mapName}::${top}::${second}`, place)
  return found
}

const importValue: Intrinsic = (argument, place) => {
  const name = place.evaluate(argument)
  const value = typeof name === 'string' ? place.scope.importValue(name) : undefined
  if (value === undefined) throw new TemplateProblem(`No export named ${name} found.`, place.path)
  return value
}

/** Another stack's output without an export: CDK's weak references. Its errors' words are assumed. */
const getStackOutput: Intrinsic = (argument, place) => {
  if (!isObject(argument))
    throw problem('every Fn::GetStackOutput object requires StackName and OutputName', place)
  const { StackName, OutputName, Region, RoleArn } = place.evaluate(argument) as Record<string, unknown>
  const { region } = place.scope.account
  if (Region !== undefined && Region !== region) {
    throw problem(
      `Fn::GetStackOutput of another region (${Region}) is not supported here, which is ${region}`,
      place,
    )
  }
  if (RoleArn !== undefined) throw problem('Fn::GetStackOutput with a RoleArn is not supported here', place)
  const value = place.scope.stackOutput(String(StackName), String(OutputName))
  if (value === undefined) {
    throw new TemplateProblem(`No output named ${OutputName} found in stack ${StackName}.`, place.path)
  }
  return value
}

const base64: Intrinsic = (argument, place) =>
  Buffer.from(asText(place.evaluate(argument), 'Fn::Base64', place)).toString('base64')

/** Every region is given three zones here; AWS has up to six (assumed). */
const getAZs: Intrinsic = (argument, place) => {
  const region = place.evaluate(argument) || place.scope.account.region
  return ['a', 'b', 'c'].map(zone => `${region}${zone}`)
}

const length: Intrinsic = (argument, place) => {
  const list = place.evaluate(argument)
  if (!Array.isArray(list)) throw problem('Fn::Length requires a list', place)
  return list.length
}

const toJsonString: Intrinsic = (argument, place) => {
  const value = place.evaluate(argument)
  if (typeof value !== 'object') throw problem('Fn::ToJsonString requires an object or a list', place)
  return JSON.stringify(value)
}

const transform: Intrinsic = (argument, place) => {
  throw problem(`Fn::Transform with the macro ${argument?.Name} is not supported here`, place)
}

const equals: Intrinsic = (argument, place) => {
  if (!Array.isArray(argument) || argument.length !== 2) {
    throw notTwo(place.path)
  }
  const [left, right] = argument.map(place.evaluate)
  return canonical(left) === canonical(right)
}

const several = (name: string, join: (outcomes: readonly boolean[]) => boolean): Intrinsic => {
  return (argument, place) => {
    if (!Array.isArray(argument) || argument.length < 2 || argument.length > 10) {
      throw problem(
        `every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
        place,
      )
    }
    return join(argument.map((one, index) => asBoolean(place.evaluate(one, index), name, place)))
  }
}

const not: Intrinsic = (argument, place) => {
  if (!Array.isArray(argument) || argument.length !== 1) {
    throw problem('Fn::Not requires a list argument with one element', place)
  }
  return !asBoolean(place.evaluate(argument[0], 0), 'Fn::Not', place)
}

const condition: Intrinsic = (name, place) => {
  const outcome = place.scope.condition(name)
  if (outcome === undefined) throw problem(`unresolved condition dependency ${name} in Condition`, place)
  return outcome
}

/** The functions that properties and outputs may use. Length and ToJsonString come with `AWS::LanguageExtensions`. */
export const valueFunctions: Readonly<Record<string, Intrinsic>> = {
  Ref: ref,
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': importValue,
  'Fn::GetStackOutput': getStackOutput,
  'Fn::Base64': base64,
  'Fn::GetAZs': getAZs,
  'Fn::Cidr': (argument, place) => cidr(argument, place),
  'Fn::Length': length,
  'Fn::ToJsonString': toJsonString,
  'Fn::Transform': transform,
}

/** The functions that conditions may use beside those of values. */
export const conditionFunctions: Readonly<Record<string, Intrinsic>> = {
  ...valueFunctions,
  Condition: condition,
  'Fn::Equals': equals,
  'Fn::And': several('Fn::And', outcomes => outcomes.every(Boolean)),
  'Fn::Or': several('Fn::Or', outcomes => outcomes.some(Boolean)),
  'Fn::Not': not,
}

function pseudoParameter(name: string, { scope, path }: Pick<Place, 'scope' | 'path'>): unknown {
  switch (name) {
    case 'AWS::AccountId':
      return scope.account.accountId
    case 'AWS::Region':
      return scope.account.region
    case 'AWS::Partition':
      return scope.account.partition
    case 'AWS::URLSuffix':
      return scope.account.urlSuffix
    case 'AWS::StackName':
      return scope.stackName
    case 'AWS::StackId':
      return scope.stackId()
    // Nobody is notified here.
    case 'AWS::NotificationARNs':
      return []
    case 'AWS::NoValue':
      return NO_VALUE
    default:
      throw unresolved(name, path)
  }
}

/** An attribute by its name, or by a dotted path into an attribute that is an object: `Endpoint.Address`. */
function attributeOf(attributes: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name]
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      attributes,
    )
}

function asText(value: unknown, name: string, place: Place): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw problem(
    `${name} can only be given strings, and was given ${Array.isArray(value) ? 'a list' : typeof value}`,
    place,
  )
}

function asBoolean(value: unknown, name: string, place: Place): boolean {
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw problem(`every ${name} object requires boolean parameters.`, place)
}

/** Values compare as the texts CloudFormation keeps them as: 5 equals "5". */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'number' || typeof one === 'boolean' ? String(one) : one))

const unresolved = (name: string, path: string) =>
  new TemplateProblem(
    `Template format error: Unresolved resource dependencies [${name}] in the ${path.split('.')[0]} block of the template`,
    path,
  )

const problem = (words: string, { path }: Pick<Place, 'path'>) =>
  new TemplateProblem(`Template error: ${words}`, path)
