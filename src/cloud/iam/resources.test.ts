import { beforeEach, expect, test } from 'vitest'
import { defaultAccount as account } from '../account.ts'
import type { Properties } from '../cloudformation/properties.ts'
import type { Physical, ResourceType } from '../cloudformation/resource.ts'
import { eventStream } from '../events.ts'
import type { PolicyDocument } from './policy.ts'
import { iamResources } from './resources.ts'
import { type Iam, startIam } from './roles.ts'

const trust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
}
const allow = (Action: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
const xray = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'
const invented = (maxLength = 240) => 'Stack-Thing-ABCDEFGHIJKL'.slice(0, maxLength)

let iam: Iam
let types: Map<string, ResourceType>
beforeEach(() => {
  iam = startIam({ account, events: eventStream(() => 0), now: () => 0 })
  types = new Map(iamResources(iam).map(one => [one.type, one]))
})

const request = (properties: Properties) => ({
  stackName: 'Stack',
  logicalId: 'Thing',
  properties,
  inventName: invented,
})
const create = (type: string, properties: Properties) =>
  types.get(type)!.create(request(properties)) as Physical
const update = (type: string, made: Physical, from: Properties, to: Properties) =>
  types.get(type)!.update!(request(to), { ...made, properties: from }) as Physical
const remove = (type: string, made: Physical, properties: Properties) =>
  types.get(type)!.delete!({ ...made, properties, logicalId: 'Thing' })
const role = (properties: Properties = {}) => ({ AssumeRolePolicyDocument: trust, ...properties })
const inline = (PolicyName: string, action: string) => ({ PolicyName, PolicyDocument: allow(action) })

test('a role is named by CloudFormation, and gives its ARN and id', () => {
  const { physicalId, attributes } = create('AWS::IAM::Role', role({ Path: '/chat/' }))
  expect(physicalId).toBe('Stack-Thing-ABCDEFGHIJKL')
  expect(attributes).toEqual({
    Arn: 'arn:aws:iam::123456789012:role/chat/Stack-Thing-ABCDEFGHIJKL',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
  })
})

test('a role comes with everything its properties say', () => {
  const properties = role({
    RoleName: 'Say',
    Description: 'says',
    MaxSessionDuration: '7200',
    ManagedPolicyArns: [basic],
    PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
    Policies: [inline('Read', 'dynamodb:GetItem')],
    Tags: [{ Key: 'team', Value: 'chat' }],
  })
  expect(create('AWS::IAM::Role', properties).physicalId).toBe('Say')
  expect(iam.role('Say')).toMatchObject({
    description: 'says',
    maxSessionDuration: 7200,
    boundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
    attached: new Set([basic]),
    inline: new Map([['Read', allow('dynamodb:GetItem')]]),
    tags: { team: 'chat' },
  })
})

test('a changed role loses what its properties no longer say, and keeps what others gave it', () => {
  const before = role({
    RoleName: 'Say',
    ManagedPolicyArns: [basic],
    Policies: [inline('A', 's3:A'), inline('B', 's3:B')],
    PermissionsBoundary: xray,
  })
  const made = create('AWS::IAM::Role', before)
  iam.putInlinePolicy(iam.role('Say'), 'Other', allow('s3:O'))
  const after = role({
    RoleName: 'Say',
    ManagedPolicyArns: [xray],
    Policies: [inline('B', 's3:B2'), inline('C', 's3:C')],
  })
  const changed = update('AWS::IAM::Role', made, before, after)
  expect(changed).toEqual(made)
  expect([...iam.role('Say').attached]).toEqual([xray])
  expect(Object.fromEntries(iam.role('Say').inline)).toEqual({
    B: allow('s3:B2'),
    C: allow('s3:C'),
    Other: allow('s3:O'),
  })
  expect(iam.role('Say').boundary).toBeUndefined()
})

test('a role goes with what it came with, but not while others hold on to it', () => {
  const properties = role({ RoleName: 'Say', ManagedPolicyArns: [basic], Policies: [inline('A', 's3:A')] })
  const made = create('AWS::IAM::Role', properties)
  iam.attach(iam.role('Say'), xray)
  expect(() => remove('AWS::IAM::Role', made, properties)).toThrow(
    'Cannot delete entity, must detach all policies first.',
  )
  iam.detach(iam.role('Say'), xray)
  remove('AWS::IAM::Role', made, properties)
  expect(iam.roles()).toEqual([])
})

test('a role that IAM refuses leaves nothing behind', () => {
  expect(() => create('AWS::IAM::Role', { RoleName: 'Say' })).toThrow('Syntax errors in policy.')
  expect(() =>
    create('AWS::IAM::Role', role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/Nothing'] })),
  ).toThrow('does not exist or is not attachable')
  const unknown = {
    PolicyName: 'A',
    PolicyDocument: {
      Statement: { Effect: 'Allow', Action: 's3:A', Resource: '*', Condition: { StringIs: {} } },
    },
  }
  expect(() => create('AWS::IAM::Role', role({ Policies: [unknown] }))).toThrow('Syntax errors in policy.')
  expect(iam.roles()).toEqual([])
})

test('an AWS::IAM::Policy is written into the roles it names, and moves with them', () => {
  create('AWS::IAM::Role', role({ RoleName: 'Say' }))
  create('AWS::IAM::Role', role({ RoleName: 'Enter' }))
  const before = { PolicyName: 'P', PolicyDocument: allow('s3:A'), Roles: ['Say'] }
  const made = create('AWS::IAM::Policy', before)
  expect(iam.role('Say').inline.get('P')).toEqual(allow('s3:A'))
  const moved = { ...before, PolicyDocument: allow('s3:B'), Roles: ['Enter'] }
  update('AWS::IAM::Policy', made, before, moved)
  expect([...iam.role('Say').inline.keys()]).toEqual([])
  expect(iam.role('Enter').inline.get('P')).toEqual(allow('s3:B'))
  const renamed = { ...moved, PolicyName: 'Q' }
  update('AWS::IAM::Policy', made, moved, renamed)
  expect([...iam.role('Enter').inline.keys()]).toEqual(['Q'])
  iam.deleteRole('Say')
  remove('AWS::IAM::Policy', made, renamed)
  expect(iam.role('Enter').inline.size).toBe(0)
})

test('an AWS::IAM::Policy of nobody, or of a role that is not there, fails', () => {
  const policy = { PolicyName: 'P', PolicyDocument: allow('s3:A') }
  expect(() => create('AWS::IAM::Policy', policy)).toThrow(
    'At least one of [Groups,Roles,Users] must be non-empty.',
  )
  expect(() => create('AWS::IAM::Policy', { ...policy, Roles: ['None'] })).toThrow(
    'The role with name None cannot be found.',
  )
  expect(types.get('AWS::IAM::Policy')!.refuse!({ Groups: ['Staff'] })).toEqual([
    'Groups: the local cloud has no groups of users',
  ])
  expect(types.get('AWS::IAM::Policy')!.refuse!({ Roles: ['Say'] })).toEqual([])
})

test('an AWS::IAM::RolePolicy comes, changes and goes', () => {
  create('AWS::IAM::Role', role({ RoleName: 'Say' }))
  const before = { RoleName: 'Say', PolicyName: 'P', PolicyDocument: allow('s3:A') }
  const made = create('AWS::IAM::RolePolicy', before)
  expect(made.physicalId).toBe('P|Say')
  update('AWS::IAM::RolePolicy', made, before, { ...before, PolicyDocument: allow('s3:B') })
  expect(iam.role('Say').inline.get('P')).toEqual(allow('s3:B'))
  remove('AWS::IAM::RolePolicy', made, before)
  expect(iam.role('Say').inline.size).toBe(0)
})

test('an AWS::IAM::ManagedPolicy is attached to the roles and users it names, and goes with them', () => {
  create('AWS::IAM::Role', role({ RoleName: 'Say' }))
  const before = { PolicyDocument: allow('s3:A'), Path: '/chat/', Roles: ['Say'], Users: ['learner'] }
  const made = create('AWS::IAM::ManagedPolicy', before)
  const arn = 'arn:aws:iam::123456789012:policy/chat/Stack-Thing-ABCDEFGHIJKL'
  expect(made).toMatchObject({
    physicalId: arn,
    attributes: { PolicyArn: arn, DefaultVersionId: 'v1', AttachmentCount: 2, IsAttachable: true },
  })
  expect(iam.role('Say').attached.has(arn)).toBe(true)
  const after = { ...before, PolicyDocument: allow('s3:B'), Roles: [] }
  expect(update('AWS::IAM::ManagedPolicy', made, before, after)).toMatchObject({
    physicalId: arn,
    attributes: { DefaultVersionId: 'v2', AttachmentCount: 1 },
  })
  expect(iam.role('Say').attached.size).toBe(0)
  iam.attach(iam.role('Say'), arn)
  expect(() => remove('AWS::IAM::ManagedPolicy', made, after)).toThrow(
    'Cannot delete a policy attached to entities.',
  )
  iam.detach(iam.role('Say'), arn)
  remove('AWS::IAM::ManagedPolicy', made, after)
  expect(() => iam.policies.find(arn)).toThrow('does not exist')
})

test('a role’s path and name, and a managed policy’s too, need a new one', () => {
  const replaced = (type: string) =>
    Object.entries(types.get(type)!.properties)
      .filter(([, rule]) => rule === 'replace')
      .map(([name]) => name)
  expect(replaced('AWS::IAM::Role')).toEqual(['Path', 'RoleName'])
  expect(replaced('AWS::IAM::Policy')).toEqual([])
  expect(replaced('AWS::IAM::RolePolicy')).toEqual(['PolicyName', 'RoleName'])
  expect(replaced('AWS::IAM::ManagedPolicy')).toEqual(['Description', 'ManagedPolicyName', 'Path'])
})
