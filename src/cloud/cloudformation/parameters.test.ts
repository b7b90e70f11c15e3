import { expect, test } from 'vitest'
import { parameterValues, unsupportedParameter } from './parameters.ts'
import type { ParameterDefinition } from './template.ts'

const values = async (
  Parameters: Record<string, ParameterDefinition>,
  given: Record<string, string> = {},
  ssm?: (name: string) => string | undefined,
) => Object.fromEntries(await parameterValues({ Resources: {}, Parameters }, given, ssm))

test('each type gives what Ref needs', async () => {
  const Parameters = {
    Text: { Type: 'String', Default: 'x' },
    Number: { Type: 'Number', Default: 5 },
    List: { Type: 'CommaDelimitedList', Default: 'a, b,c' },
    Numbers: { Type: 'List<Number>', Default: '1,2' },
    Nothing: { Type: 'CommaDelimitedList', Default: '' },
  }
  expect(await values(Parameters)).toEqual({
    Text: 'x',
    Number: 5,
    List: ['a', 'b', 'c'],
    Numbers: ['1', '2'],
    Nothing: [],
  })
})

test('what is given wins over the default', async () => {
  expect(await values({ Name: { Type: 'String', Default: 'ana' } }, { Name: '' })).toEqual({ Name: '' })
})

test('missing values are named together', async () => {
  const Parameters = { A: { Type: 'String' }, B: { Type: 'String', Default: '' }, C: { Type: 'Number' } }
  await expect(values(Parameters)).rejects.toThrow('Parameters: [A, C] must have values')
})

test('a parameter that the template does not have is refused', async () => {
  await expect(values({}, { Nobody: 'x' })).rejects.toThrow(
    'Parameters: [Nobody] do not exist in the template',
  )
})

const broken: readonly (readonly [Omit<ParameterDefinition, 'Default'>, string, string])[] = [
  [{ Type: 'Number' }, 'five', "Parameter 'P' must be a number."],
  [{ Type: 'List<Number>' }, '1,x', "Parameter 'P' must be a list of numbers."],
  [{ Type: 'String', AllowedValues: ['dev', 'prod'] }, 'test', "Parameter 'P' must be one of AllowedValues"],
  [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'abc1', "Parameter 'P' must match pattern [a-z]+"],
  [{ Type: 'String', MinLength: 3 }, 'ab', "Parameter 'P' must contain at least 3 characters"],
  [{ Type: 'String', MaxLength: '1' }, 'ab', "Parameter 'P' must contain at most 1 characters"],
  [{ Type: 'Number', MinValue: 2 }, '1', "Parameter 'P' must be a number not less than 2"],
  [{ Type: 'Number', MaxValue: 2 }, '3', "Parameter 'P' must be a number not greater than 2"],
  [
    { Type: 'String', AllowedPattern: 'x', ConstraintDescription: 'an x' },
    'y',
    'Parameter P failed to satisfy constraint: an x',
  ],
]
for (const [definition, given, message] of broken) {
  test(`${JSON.stringify(definition)} refuses ${given}`, async () => {
    await expect(values({ P: definition }, { P: given })).rejects.toThrow(message)
  })
}

test('allowed values are those of the list’s items, and numbers are compared as texts', async () => {
  const Parameters = { P: { Type: 'List<Number>', AllowedValues: [1, 2] } }
  expect(await values(Parameters, { P: '2,1' })).toEqual({ P: ['2', '1'] })
  await expect(values(Parameters, { P: '1,3' })).rejects.toThrow('AllowedValues')
})

test('the bootstrap version is newer than any rule asks for', async () => {
  const BootstrapVersion = {
    Type: 'AWS::SSM::Parameter::Value<String>',
    Default: '/cdk-bootstrap/hnb659fds/version',
  }
  expect(Number((await values({ BootstrapVersion })).BootstrapVersion)).toBeGreaterThan(20)
})

test('a parameter of Systems Manager is looked up by its name', async () => {
  const Parameters = {
    Url: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/chat/url' },
    Ids: { Type: 'AWS::SSM::Parameter::Value<List<String>>' },
  }
  const stored: Record<string, string> = { '/chat/url': 'wss://x', '/chat/ids': 'a,b' }
  expect(await values(Parameters, { Ids: '/chat/ids' }, name => stored[name])).toEqual({
    Url: 'wss://x',
    Ids: ['a', 'b'],
  })
  await expect(values(Parameters, { Ids: '/chat/no' }, name => stored[name])).rejects.toThrow(
    'Unable to fetch parameters [/chat/no] from parameter store for this account.',
  )
})

test('parameters that are not there are told together', async () => {
  const ssm = (Default: string) => ({ Type: 'AWS::SSM::Parameter::Value<String>', Default })
  await expect(values({ A: ssm('/a'), B: ssm('/b'), C: ssm('/a') }, {}, () => undefined)).rejects.toThrow(
    'Unable to fetch parameters [/a,/b] from parameter store for this account.',
  )
})

test('the id of a thing must look like one', async () => {
  const Image = { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/image' }
  const Nets = { Type: 'List<AWS::EC2::Subnet::Id>' }
  const subnets = 'subnet-0123456789abcdef0, subnet-01234567'
  expect(await values({ Image, Nets }, { Nets: subnets }, () => 'ami-0123456789abcdef0')).toEqual({
    Image: 'ami-0123456789abcdef0',
    Nets: ['subnet-0123456789abcdef0', 'subnet-01234567'],
  })
  await expect(values({ Image }, {}, () => 'my-image')).rejects.toThrow(
    'Parameter validation failed: parameter value my-image for parameter name Image does not exist.',
  )
  await expect(values({ Nets }, { Nets: 'subnet-01234567,x' })).rejects.toThrow('parameter value x for')
})

test('a type that does not exist is refused by name', () => {
  expect(unsupportedParameter({ Type: 'AWS::EC2::Moon::Id' })).toBe('a parameter of type AWS::EC2::Moon::Id')
  expect(unsupportedParameter({ Type: 'AWS::SSM::Parameter::Value<SecureString>' })).toContain('SecureString')
  for (const Type of ['String', 'Number', 'List<Number>', 'AWS::SSM::Parameter::Value<List<String>>']) {
    expect(unsupportedParameter({ Type })).toBeUndefined()
  }
})
