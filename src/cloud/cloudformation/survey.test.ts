import { expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import type { Abilities, Surveyed } from './refusals.ts'
import type { ResourceType } from './resource.ts'
import { askNobody } from './rights.ts'
import { survey, Unsupported } from './survey.ts'
import { getValue, thing, thingStacks } from './thing.fixture.ts'

const policy: ResourceType = {
  type: 'Test::Policy',
  rights: askNobody,
  properties: { PolicyDocument: 'update', Policies: 'update' },
  create: ({ logicalId }) => ({ physicalId: logicalId, attributes: {} }),
}
const room: ResourceType = {
  type: 'Test::Room',
  rights: askNobody,
  properties: { Mode: 'update', Nested: 'update' },
  refuse: ({ Mode }) => (Mode === 'PROVISIONED' ? ['Mode PROVISIONED'] : []),
  create: ({ logicalId }) => ({ physicalId: logicalId, attributes: {} }),
}
const abilities: Abilities = {
  account: defaultAccount,
  types: new Map([...thingStacks().types, [policy.type, policy], [room.type, room]]),
}

const stack = (template: object, more: Partial<Surveyed> = {}): Surveyed =>
  ({ stackName: 'Chat', template, ...more }) as Surveyed

const refused = (...stacks: Surveyed[]): readonly string[] => {
  try {
    survey(stacks, abilities)
    return []
  } catch (error) {
    if (error instanceof Unsupported) return error.lines
    throw error
  }
}

const skipped = (...stacks: Surveyed[]) => survey(stacks, { ...abilities, skipUnsupported: true })

test('everything that cannot be run is named at once, over all stacks', () => {
  const chat = stack({
    Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
    Hooks: {},
    Rules: { CheckBootstrapVersion: {}, Other: {} },
    Parameters: {
      BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' },
      Url: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/chat/url' },
      Vpc: { Type: 'AWS::EC2::Moon::Id', Default: 'vpc-1' },
    },
    Resources: {
      Site: { Type: 'AWS::CloudFront::Distribution' },
      Helper: { Type: 'Custom::LogRetention' },
      Metadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:x' } },
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
      Say: thing({ Value: 1, Tracing: 'Active', Retries: 1 }),
      Room: { Type: 'Test::Room', Properties: { Mode: 'PROVISIONED' } },
      Kept: thing(
        { Value: '{{resolve:secretsmanager:x}}' },
        { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' },
      ),
      Slow: thing(
        {},
        { CreationPolicy: { ResourceSignal: {} }, UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} } },
      ),
      Macro: thing({ Value: { 'Fn::Transform': { Name: 'M' } } }),
      Fixed: { Type: 'Test::Fixed' },
      Asks: thing({ Value: { 'Fn::Sub': '${Fixed.Url}' } }),
    },
    Outputs: { Url: { Value: { 'Fn::GetAtt': ['Fixed', 'Host'] } } },
  })
  const other = stack(
    { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } },
    { stackName: 'Other', dockerImages: ['Image'] },
  )

  expect(refused(chat, other)).toEqual([
    'Chat: the transform AWS::Serverless-2016-10-31',
    'Chat: the rule Other',
    'Chat: the Hooks section',
    'Chat/Url: a parameter of type AWS::SSM::Parameter::Value<String>, /chat/url',
    'Chat/Vpc: a parameter of type AWS::EC2::Moon::Id',
    'Chat/Site: AWS::CloudFront::Distribution',
    'Chat/Helper: Custom::LogRetention',
    'Chat/Say: Test::Thing (Tracing)',
    'Chat/Say: Test::Thing (Retries)',
    'Chat/Room: Test::Room (Mode PROVISIONED)',
    'Chat/Kept: Test::Thing (DeletionPolicy Snapshot)',
    'Chat/Kept: Test::Thing (UpdateReplacePolicy Snapshot)',
    'Chat/Kept: Test::Thing ({{resolve:secretsmanager:x}})',
    'Chat/Slow: Test::Thing (CreationPolicy)',
    'Chat/Slow: Test::Thing (UpdatePolicy)',
    'Chat/Macro: Test::Thing (Fn::Transform)',
    'Chat/Asks: Test::Thing (the attribute Url of Fixed, Test::Fixed)',
    'Chat/Url: the output (the attribute Host of Fixed, Test::Fixed)',
    'Other: the container image Image',
    'Other/Queue: AWS::SQS::Queue',
  ])
})

test('a deployment refuses in the same way, and begins nothing', async () => {
  const { stacks, deploy } = thingStacks()
  const failure = await deploy({ Resources: { A: thing(), B: { Type: 'AWS::S3::Bucket' } } }).catch(
    error => error,
  )
  expect(failure).toBeInstanceOf(Unsupported)
  expect(failure.message).toContain('Chat/B: AWS::S3::Bucket')
  expect(stacks.list()).toEqual([])
})

test('a type looks at literals, whatever stands for them', () => {
  const template = {
    Parameters: { Mode: { Type: 'String', Default: 'PROVISIONED' } },
    Mappings: { Modes: { 'us-east-1': { mode: 'PROVISIONED' } } },
    Conditions: { Yes: { 'Fn::Equals': [1, 1] } },
    Resources: {
      ByParameter: { Type: 'Test::Room', Properties: { Mode: { Ref: 'Mode' } } },
      ByMapping: {
        Type: 'Test::Room',
        Properties: {
          Mode: { 'Fn::FindInMap': ['Modes', { Ref: 'AWS::Region' }, 'mode'] },
          Nested: { Ref: 'ByParameter' },
        },
      },
      ByCondition: {
        Type: 'Test::Room',
        Properties: { Mode: { 'Fn::If': ['Yes', 'PROVISIONED', { Ref: 'ByMapping' }] } },
      },
    },
  }
  expect(refused(stack(template))).toHaveLength(3)
  expect(refused(stack(template, { parameters: { Mode: 'ON_DEMAND' } }))).toHaveLength(2)
})

test('what a condition leaves out is not held against the stack', () => {
  const template = {
    Conditions: { No: { 'Fn::Equals': [1, 2] } },
    Resources: {
      Site: { Type: 'AWS::CloudFront::Distribution', Condition: 'No' },
      Say: thing({
        Tracing: { Ref: 'AWS::NoValue' },
        Other: { 'Fn::If': ['No', 'x', { Ref: 'AWS::NoValue' }] },
        Value: { 'Fn::If': ['No', { 'Fn::GetAtt': ['Site', 'DomainName'] }, '*'] },
      }),
    },
  }
  expect(refused(stack(template))).toEqual([])
})

test('a condition that hangs on an SSM parameter is taken as true', () => {
  const template = {
    Parameters: { Mode: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/mode' } },
    Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Mode' }, 'prod'] } },
    Resources: { Say: thing(), Site: { Type: 'AWS::S3::Bucket', Condition: 'Prod' } },
  }
  expect(() => survey([stack(template)], { ...abilities, ssm: true })).toThrow('Chat/Site: AWS::S3::Bucket')
})

test('a stack without resources is passed over beside others, and refused alone', () => {
  const empty = stack({ Outputs: { X: { Value: 'x' } } }, { stackName: 'Empty' })
  const full = stack({ Resources: { Say: thing() } })
  expect(survey([empty, full], abilities)).toEqual({ stacks: [full], leftOut: ['Empty: has no resources'] })
  expect(() => survey([empty], abilities)).toThrow('At least one Resources member must be defined.')
})

test('skipping leaves out what refers to it, and what refers to that, and lets go of a mere DependsOn', () => {
  const chat = stack({
    Resources: {
      Site: { Type: 'AWS::CloudFront::Distribution' },
      Page: thing({ Value: { 'Fn::GetAtt': ['Site', 'DomainName'] } }),
      Link: thing({ Value: { 'Fn::Sub': 'https://${Page}' } }),
      Say: thing({ Value: 1 }, { DependsOn: ['Site', 'Room'] }),
      Room: thing(),
    },
    Outputs: { Url: { Value: { Ref: 'Link' } }, Say: { Value: getValue('Say') } },
  })

  const { stacks, leftOut } = skipped(chat)

  expect(Object.keys(stacks[0]!.template.Resources)).toEqual(['Say', 'Room'])
  expect(stacks[0]!.template.Resources.Say!.DependsOn).toEqual(['Room'])
  expect(Object.keys(stacks[0]!.template.Outputs!)).toEqual(['Say'])
  expect(leftOut).toEqual([
    'Chat/Site: AWS::CloudFront::Distribution',
    'Chat/Page: Test::Thing, refers to Site',
    'Chat/Link: Test::Thing, refers to Page',
    'Chat/Url: an output, refers to Link',
  ])
})

test('what is left can be deployed', async () => {
  const { stacks: cloud } = thingStacks()
  const { stacks } = skipped(
    stack({
      Parameters: { Vpc: { Type: 'AWS::EC2::Moon::Id', Default: 'vpc-1' } },
      Resources: {
        Say: thing({ Value: 1 }, { DependsOn: 'Site' }),
        InVpc: thing({ Value: { Ref: 'Vpc' } }),
        Site: { Type: 'AWS::S3::Bucket' },
      },
    }),
  )
  const { stack: deployed } = await cloud.deploy(stacks[0]!)
  expect(deployed.resources.map(({ logicalId }) => logicalId)).toEqual(['Say'])
})

test('skipping goes on over exports and outputs of other stacks', () => {
  const base = stack(
    {
      Resources: { Vpc: { Type: 'AWS::EC2::VPC' }, Room: thing() },
      Outputs: {
        Vpc: { Value: { Ref: 'Vpc' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Vpc' } } },
        Weak: { Value: { Ref: 'Vpc' } },
        Room: { Value: { Ref: 'Room' }, Export: { Name: 'Base:Room' } },
      },
    },
    { stackName: 'Base' },
  )
  const chat = stack({
    Resources: {
      InVpc: thing({ Value: { 'Fn::ImportValue': 'Base:Vpc' } }),
      Weakly: thing({ Value: { 'Fn::GetStackOutput': { StackName: 'Base', OutputName: 'Weak' } } }),
      Say: thing({ Value: { 'Fn::ImportValue': 'Base:Room' } }),
    },
  })
  const nothing = stack(
    { Resources: { A: thing({ Value: { 'Fn::ImportValue': 'Base:Vpc' } }) } },
    { stackName: 'Gone' },
  )

  const { stacks, leftOut } = skipped(base, chat, nothing)

  expect(stacks.map(({ stackName, template }) => [stackName, ...Object.keys(template.Resources)])).toEqual([
    ['Base', 'Room'],
    ['Chat', 'Say'],
  ])
  expect(leftOut).toEqual(
    expect.arrayContaining([
      'Chat/InVpc: Test::Thing, refers to the export Base:Vpc',
      'Chat/Weakly: Test::Thing, refers to the output Base.Weak',
      'Gone: nothing is left of it',
    ]),
  )
})

test('a policy loses what it says about things left out, and goes only when nothing is left', () => {
  const about = (...names: string[]) => ({
    Effect: 'Allow',
    Action: 'x',
    Resource: names.map(name => ({ 'Fn::GetAtt': [name, 'Arn'] })),
  })
  const lone = { Effect: 'Allow', Action: 'x', Resource: { 'Fn::GetAtt': ['Site', 'Arn'] } }
  const { stacks, leftOut } = skipped(
    stack({
      Resources: {
        Site: { Type: 'AWS::S3::Bucket' },
        Room: thing(),
        Say: thing({}, { DependsOn: ['Mixed', 'Only'] }),
        Mixed: {
          Type: 'Test::Policy',
          Properties: { PolicyDocument: { Statement: [about('Room', 'Site'), lone, about('Room')] } },
        },
        Only: { Type: 'Test::Policy', Properties: { PolicyDocument: { Statement: [lone, about('Site')] } } },
        Inline: {
          Type: 'Test::Policy',
          Properties: {
            Policies: [
              { PolicyDocument: { Statement: [lone] } },
              { PolicyDocument: { Statement: [about('Room')] } },
            ],
          },
        },
      },
    }),
  )
  const { Mixed, Only, Inline, Say } = stacks[0]!.template.Resources as any
  expect(Mixed.Properties.PolicyDocument.Statement).toEqual([about('Room'), about('Room')])
  expect(Only).toBeUndefined()
  expect(Inline.Properties.Policies).toEqual([{ PolicyDocument: { Statement: [about('Room')] } }])
  expect(Say.DependsOn).toEqual(['Mixed'])
  expect(leftOut).toEqual(
    expect.arrayContaining(['Chat/Mixed: a statement about Site', 'Chat/Only: Test::Policy, refers to Site']),
  )
})

test('with a transform or a rule the whole stack is left out', () => {
  const { stacks, leftOut } = skipped(
    stack({ Transform: 'AWS::Serverless-2016-10-31', Resources: { Say: thing() } }),
    stack({ Resources: { Say: thing() } }, { stackName: 'Other' }),
  )
  expect(stacks.map(({ stackName }) => stackName)).toEqual(['Other'])
  expect(leftOut).toEqual(['Chat: the transform AWS::Serverless-2016-10-31', 'Chat: nothing is left of it'])
})
