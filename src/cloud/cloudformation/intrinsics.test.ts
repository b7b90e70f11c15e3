import { expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { conditionOutcomes } from './conditions.ts'
import type { Scope } from './intrinsic.ts'
import { evaluate } from './intrinsics.ts'
import type { Physical } from './resource.ts'

const resources: Record<string, Physical> = {
  Room: {
    physicalId: 'room-1',
    attributes: { Arn: 'arn:room', 'Endpoint.Port': 80, Stream: { Arn: 'arn:stream' } },
  },
}
const parameters: Record<string, unknown> = { Name: 'ana', Size: 128, Zones: ['a', 'b'], Empty: '', None: [] }
const mappings = { Runtimes: { 'us-east-1': { node: 'nodejs22.x', list: ['x', 'y'] } } }

function scopeWith(conditions: Record<string, unknown> = {}): Scope {
  const known = {
    account: defaultAccount,
    stackName: 'Chat',
    stackId: () => 'arn:stack',
    parameter: (name: string) => parameters[name],
    mappings,
    importValue: (name: string) => (name === 'shared' ? 'exported' : undefined),
    stackOutput: (stack: string, output: string) =>
      stack === 'Base' && output === 'Url' ? 'wss://x' : undefined,
  }
  const condition = conditionOutcomes({ Resources: {}, Conditions: conditions }, known)
  return { ...known, condition, resource: name => resources[name] }
}

const value = (template: unknown, conditions?: Record<string, unknown>) =>
  evaluate(template, scopeWith(conditions), 'Resources.Say.Properties')

const holds: readonly (readonly [string, unknown, unknown])[] = [
  ['plain values stay', { a: [1, 'x', true, null], b: {} }, { a: [1, 'x', true, null], b: {} }],
  ['Ref gives a resource’s physical id', { Ref: 'Room' }, 'room-1'],
  ['Ref gives a parameter', [{ Ref: 'Name' }, { Ref: 'Size' }, { Ref: 'Zones' }], ['ana', 128, ['a', 'b']]],
  ['Ref gives an empty parameter', [{ Ref: 'Empty' }, { Ref: 'None' }], ['', []]],
  [
    'Ref gives the pseudo-parameters',
    ['AccountId', 'Region', 'Partition', 'URLSuffix', 'StackName', 'StackId', 'NotificationARNs'].map(
      name => ({
        Ref: `AWS::${name}`,
      }),
    ),
    ['123456789012', 'us-east-1', 'aws', 'amazonaws.com', 'Chat', 'arn:stack', []],
  ],
  ['an object with Ref among others is data', { Ref: 'Room', Other: 1 }, { Ref: 'Room', Other: 1 }],
  ['NoValue leaves with its member', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['NoValue leaves with its item', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
  ['GetAtt as a list', { 'Fn::GetAtt': ['Room', 'Arn'] }, 'arn:room'],
  ['GetAtt as a text', { 'Fn::GetAtt': 'Room.Arn' }, 'arn:room'],
  ['GetAtt of an attribute with a dot', { 'Fn::GetAtt': ['Room', 'Endpoint.Port'] }, 80],
  ['GetAtt as a text with two dots', { 'Fn::GetAtt': 'Room.Endpoint.Port' }, 80],
  ['GetAtt into an attribute', { 'Fn::GetAtt': ['Room', 'Stream.Arn'] }, 'arn:stream'],
  [
    'GetAtt of an attribute named by a parameter',
    { 'Fn::GetAtt': ['Room', { 'Fn::Sub': 'Arn' }] },
    'arn:room',
  ],
  [
    'Sub fills in',
    { 'Fn::Sub': '${AWS::Region}/${Room}/${Room.Arn}/${Name}/${Size}' },
    'us-east-1/room-1/arn:room/ana/128',
  ],
  ['Sub leaves a literal', { 'Fn::Sub': '${!aws:username} $ {x} $${Name}' }, '${aws:username} $ {x} $ana'],
  [
    'Sub takes variables of its own',
    { 'Fn::Sub': ['${Name}-${x.y}', { Name: 'own', 'x.y': { Ref: 'Room' } }] },
    'own-room-1',
  ],
  ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }, 1, true]] }, 'a-ana-1-true'],
  ['Join of a list from elsewhere', { 'Fn::Join': ['', { Ref: 'Zones' }] }, 'ab'],
  ['Join of nothing', { 'Fn::Join': [',', []] }, ''],
  ['Join drops NoValue', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }]] }, 'a'],
  [
    'Select by number or text',
    [{ 'Fn::Select': [1, ['a', 'b']] }, { 'Fn::Select': ['0', { Ref: 'Zones' }] }],
    ['b', 'a'],
  ],
  ['Split', { 'Fn::Split': ['://', 'wss://host'] }, ['wss', 'host']],
  [
    'Select of Split of GetAtt',
    { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Room', 'Arn'] }] }] },
    'room',
  ],
  ['FindInMap', { 'Fn::FindInMap': ['Runtimes', { Ref: 'AWS::Region' }, 'node'] }, 'nodejs22.x'],
  ['FindInMap gives lists', { 'Fn::FindInMap': ['Runtimes', 'us-east-1', 'list'] }, ['x', 'y']],
  [
    'FindInMap falls back on DefaultValue, whatever is missing',
    ['Runtimes', 'Other'].map(map => ({
      'Fn::FindInMap': [map, 'mars', 'node', { DefaultValue: { Ref: 'Name' } }],
    })),
    ['ana', 'ana'],
  ],
  ['Base64', { 'Fn::Base64': { 'Fn::Sub': 'hé ${Name}' } }, Buffer.from('hé ana').toString('base64')],
  ['GetAZs of here', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
  [
    'GetAZs of a region',
    { 'Fn::GetAZs': { Ref: 'AWS::Region' } },
    ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  ],
  ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'shared' } }, 'exported'],
  [
    'GetStackOutput reads another stack, as CDK’s weak references do',
    { 'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'Url', Region: { Ref: 'AWS::Region' } } },
    'wss://x',
  ],
  ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
  ['Cidr carries over', { 'Fn::Cidr': ['10.0.255.0/20', '2', '11'] }, ['10.0.240.0/21', '10.0.248.0/21']],
  ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
  ['ToJsonString', { 'Fn::ToJsonString': { a: [{ Ref: 'Name' }] } }, '{"a":["ana"]}'],
]
for (const [fact, template, expected] of holds) {
  test(fact, () => {
    expect(value(template)).toEqual(expected)
  })
}

const refused: readonly (readonly [unknown, string])[] = [
  [
    { Ref: 'Nobody' },
    'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
  ],
  [
    { Ref: 'AWS::Nothing' },
    'Template format error: Unresolved resource dependencies [AWS::Nothing] in the Resources block of the template',
  ],
  [{ Ref: ['Room'] }, 'Template error: every Ref object must have a single String value.'],
  [
    { 'Fn::GetAtt': ['Nobody', 'Arn'] },
    'Template error: instance of Fn::GetAtt references undefined resource Nobody',
  ],
  [
    { 'Fn::GetAtt': ['Room', 'Url'] },
    'Template error: resource Room does not support attribute type Url in Fn::GetAtt',
  ],
  [
    { 'Fn::GetAtt': ['Room', 'toString'] },
    'Template error: resource Room does not support attribute type toString in Fn::GetAtt',
  ],
  [
    { 'Fn::GetAtt': 'Room' },
    'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  ],
  [
    { 'Fn::Sub': '${ Name }' },
    'Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons',
  ],
  [{ 'Fn::Sub': '${Zones}' }, 'Template error: Fn::Sub can only be given strings, and was given a list'],
  [
    { 'Fn::Select': [2, ['a', 'b']] },
    'Template error: Fn::Select cannot select nonexistent value at index 2',
  ],
  [{ 'Fn::Select': [-1, ['a']] }, 'Template error: Fn::Select cannot select nonexistent value at index -1'],
  [
    { 'Fn::FindInMap': ['Runtimes', 'mars', 'node'] },
    'Template error: Unable to get mapping for Runtimes::mars::node',
  ],
  [
    { 'Fn::FindInMap': ['Other', 'a', 'b'] },
    "Template error: Mapping named 'Other' is not present in the 'Mappings' section of template.",
  ],
  [{ 'Fn::ImportValue': 'nobody-exports' }, 'No export named nobody-exports found.'],
  [
    { 'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'No' } },
    'No output named No found in stack Base.',
  ],
  [
    { 'Fn::Transform': { Name: 'AWS::Include' } },
    'Template error: Fn::Transform with the macro AWS::Include is not supported here',
  ],
  [{ 'Fn::If': ['Nobody', 1, 2] }, 'Template error: unresolved condition dependency Nobody in Fn::If'],
]
for (const [template, message] of refused) {
  test(`${JSON.stringify(template)} is refused in CloudFormation’s words`, () => {
    expect(() => value(template)).toThrow(expect.objectContaining({ message }))
  })
}

test('another region’s stack output is refused by name', () => {
  const elsewhere = { 'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'Url', Region: 'eu-west-1' } }
  expect(() => value(elsewhere)).toThrow('another region (eu-west-1)')
})

test('a Join of what is no list, or holds one, is refused', () => {
  expect(() => value({ 'Fn::Join': ['', 'abc'] })).toThrow('every Fn::Join object requires two parameters')
  expect(() => value({ 'Fn::Join': ['', [['a']]] })).toThrow(
    'Fn::Join can only be given strings, and was given a list',
  )
})

test('an unknown function and a boolean function outside a condition are refused with the list of those there are', () => {
  for (const name of ['Fn::Foo', 'Fn::Equals', 'Fn::toString']) {
    expect(() => value({ [name]: ['a', 'a'] })).toThrow(
      `Template error: encountered unsupported function: ${name} Supported`,
    )
  }
})

test('a function beside other members is refused', () => {
  expect(() => value({ 'Fn::Sub': 'x', Other: 1 })).toThrow('Fn::Sub must be the only member of its object')
})

test('a problem tells its place and its resource', () => {
  try {
    value({ Environment: { Variables: [{ 'Fn::Join': ['', ['a', { Ref: 'Nobody' }]] }] } })
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({
      code: 'ValidationError',
      path: 'Resources.Say.Properties.Environment.Variables.0.Fn::Join.1.1.Ref',
      logicalId: 'Say',
    })
  }
})

test('If takes one side and does not look at the other', () => {
  const choice = (condition: string) => ({ 'Fn::If': [condition, 'yes', { Ref: 'Nobody' }] })
  expect(value(choice('Yes'), { Yes: { 'Fn::Equals': ['a', 'a'] } })).toBe('yes')
  expect(() => value(choice('No'), { No: { 'Fn::Equals': ['a', 'b'] } })).toThrow('[Nobody]')
})

test('If with NoValue leaves out the member', () => {
  const conditions = { No: { 'Fn::Equals': ['a', 'b'] } }
  expect(value({ a: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, b: 2 }, conditions)).toEqual({ b: 2 })
})

const yes = { 'Fn::Equals': [1, '1'] }
const no = { 'Fn::Equals': [{ Ref: 'Name' }, 'ben'] }
const outcomes: readonly (readonly [unknown, boolean])[] = [
  [yes, true],
  [no, false],
  [{ 'Fn::Equals': [{ Ref: 'Zones' }, ['a', 'b']] }, true],
  [{ 'Fn::Equals': [{ 'Fn::FindInMap': ['Runtimes', 'us-east-1', 'node'] }, 'nodejs22.x'] }, true],
  [{ 'Fn::Not': [no] }, true],
  [{ 'Fn::Not': [{ Condition: 'Other' }] }, false],
  [{ 'Fn::And': [yes, { Condition: 'Other' }] }, true],
  [{ 'Fn::And': [yes, no, yes] }, false],
  [{ 'Fn::Or': [no, yes] }, true],
  [{ 'Fn::Or': [no, no] }, false],
]
for (const [condition, outcome] of outcomes) {
  test(`the condition ${JSON.stringify(condition)} is ${outcome}`, () => {
    expect(scopeWith({ It: condition, Other: yes }).condition('It')).toBe(outcome)
  })
}

test('conditions that hang on each other are named', () => {
  const { condition } = scopeWith({ A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } })
  expect(() => condition('A')).toThrow('Circular dependency between conditions: [A, B]')
  expect(() => condition('A'), 'and again when asked again').toThrow('[A, B]')
})

test('And and Or take two to ten conditions', () => {
  for (const some of [[yes], Array(11).fill(yes)]) {
    expect(() => scopeWith({ It: { 'Fn::And': some } }).condition('It')).toThrow(
      'every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.',
    )
  }
})
