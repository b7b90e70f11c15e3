import { type ParameterDefinition, TemplateProblem } from './template.ts'

/** Types of parameters that are plain values. */
const PLAIN = ['String', 'Number', 'CommaDelimitedList', 'List<Number>', 'List<String>']

/**
 * Types of parameters whose values must be things of the account, and what such a value looks like. AWS looks
 * whether the thing exists. Here only the form is looked at.
 */
const THINGS: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::AvailabilityZone::Name': /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
  'AWS::EC2::Image::Id': /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'AWS::EC2::Instance::Id': /^i-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'AWS::EC2::KeyPair::KeyName': /^.{1,255}$/,
  'AWS::EC2::SecurityGroup::GroupName': /^.{1,255}$/,
  'AWS::EC2::SecurityGroup::Id': /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'AWS::EC2::Subnet::Id': /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'AWS::EC2::Volume::Id': /^vol-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'AWS::EC2::VPC::Id': /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'AWS::Route53::HostedZone::Id': /^Z[A-Z0-9]{1,31}$/,
  'AWS::SSM::Parameter::Name': /^[\w./-]{1,2048}$/,
}

/** Whether a parameter may be of this type, given without `AWS::SSM::Parameter::Value<…>` around it. */
export const isKnownType = (inner: string): boolean => PLAIN.includes(inner) || formOf(inner) !== undefined

/** Throws CloudFormation's refusal of a value that cannot be the id or name of a thing. */
export function exists(name: string, text: string, { Type }: ParameterDefinition): void {
  const inner = /^AWS::SSM::Parameter::Value<(.*)>$/.exec(Type)?.[1] ?? Type
  const form = formOf(inner)
  if (!form) return
  const values = inner.startsWith('List<') ? text.split(',').map(one => one.trim()) : [text]
  const strange = values.find(value => !form.test(value))
  if (strange === undefined) return
  throw new TemplateProblem(
    `Parameter validation failed: parameter value ${strange} for parameter name ${name} does not exist.`,
    `Parameters.${name}`,
  )
}

const formOf = (inner: string): RegExp | undefined => THINGS[/^List<(.*)>$/.exec(inner)?.[1] ?? inner]
