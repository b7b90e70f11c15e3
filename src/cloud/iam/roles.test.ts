import { beforeEach, expect, test } from 'vitest'
import { defaultAccount as account } from '../account.ts'
import { type Events, eventStream } from '../events.ts'
import type { PolicyDocument, Statement } from './policy.ts'
import type { RoleSession } from './principal.ts'
import { type Iam, startIam } from './roles.ts'

const trust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
}
const doc = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const put = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/Room' }
const allowPut = doc({ Effect: 'Allow', Action: put.action, Resource: put.resource })
const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
const noon = Date.parse('2026-11-21T12:00:00Z')

let iam: Iam
let events: Events
beforeEach(() => {
  events = eventStream(() => noon)
  iam = startIam({ account, events, now: () => noon })
})

const code = (name: string, status?: number) =>
  expect.objectContaining({ code: name, ...(status ? { status } : {}) })

function sessionOf(name: string): RoleSession {
  const role = iam.role(name)
  const arn = `arn:aws:sts::123456789012:assumed-role/${role.name}/s`
  return {
    kind: 'role-session',
    arn,
    accountId: account.accountId,
    roleArn: role.arn,
    userId: `${role.id}:s`,
  }
}

test('a role without policies may do nothing', () => {
  iam.createRole({ name: 'Say', trust })
  expect(iam.decide(sessionOf('Say'), put)).toEqual({
    allowed: false,
    deny: 'implicit',
    kind: 'identity-based',
  })
})

test('a role may do what its inline policy says, until it is taken away', () => {
  const role = iam.createRole({ name: 'Say', trust })
  iam.putInlinePolicy(role, 'Put', allowPut)
  expect(iam.decide(sessionOf('Say'), put)).toMatchObject({ allowed: true })
  iam.deleteInlinePolicy(role, 'Put')
  expect(iam.decide(sessionOf('Say'), put).allowed).toBe(false)
})

test('a role may do what its managed policies say', () => {
  iam.createRole({ name: 'Say', trust, attached: [basic] })
  const log = {
    action: 'logs:PutLogEvents',
    resource: 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/Say:*',
  }
  expect(iam.decide(sessionOf('Say'), log)).toMatchObject({ allowed: true })
  expect(iam.decide(sessionOf('Say'), put).allowed).toBe(false)
})

test('a customer managed policy counts from the moment it is attached, and changes for all', () => {
  const role = iam.createRole({ name: 'Say', trust })
  const { arn } = iam.policies.create({ name: 'Put', document: allowPut })
  iam.attach(role, arn)
  expect(iam.decide(sessionOf('Say'), put)).toMatchObject({ allowed: true })
  expect(iam.policies.update(arn, doc()).version).toBe('v2')
  expect(iam.decide(sessionOf('Say'), put).allowed).toBe(false)
})

test('a boundary limits a role', () => {
  const { arn } = iam.policies.create({
    name: 'Edge',
    document: doc({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
  })
  iam.createRole({ name: 'Say', trust, boundary: arn, inline: [{ name: 'Put', document: allowPut }] })
  expect(iam.decide(sessionOf('Say'), put)).toMatchObject({ deny: 'implicit', kind: 'permissions boundary' })
  iam.updateRole('Say', { boundary: undefined })
  expect(iam.decide(sessionOf('Say'), put)).toMatchObject({ allowed: true })
})

test('session policies limit one session, not the next', () => {
  iam.createRole({ name: 'Say', trust, inline: [{ name: 'Put', document: allowPut }] })
  const limited = { ...sessionOf('Say'), sessionPolicies: [doc()] }
  expect(iam.decide(limited, put)).toMatchObject({ kind: 'session' })
  expect(iam.decide(sessionOf('Say'), put)).toMatchObject({ allowed: true })
})

test('a session outlives neither its role nor a role of the same name that comes later', () => {
  iam.createRole({ name: 'Say', trust, path: '/chat/' })
  const before = sessionOf('Say')
  iam.deleteRole('Say')
  iam.createRole({ name: 'Say', trust, path: '/chat/', inline: [{ name: 'Put', document: allowPut }] })
  expect(iam.decide(before, put).allowed).toBe(false)
  expect(iam.decide(sessionOf('Say'), put).allowed).toBe(true)
})

test('the learner may do everything', () => {
  expect(iam.learner.arn).toBe('arn:aws:iam::123456789012:user/learner')
  expect(iam.decide(iam.learner, put)).toMatchObject({ allowed: true })
})

test('a service may invoke a function for the source that its permission names (A12)', () => {
  const resource = 'arn:aws:lambda:us-east-1:123456789012:function:Say'
  const source = 'arn:aws:execute-api:us-east-1:123456789012:abc'
  const resourcePolicy = doc({
    Effect: 'Allow',
    Principal: { Service: 'apigateway.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: resource,
    Condition: {
      ArnLike: { 'AWS:SourceArn': `${source}/*/say` },
      StringEquals: { 'AWS:SourceAccount': account.accountId },
    },
  })
  const ask = (route: string) =>
    iam.decide(
      { kind: 'service', service: 'apigateway.amazonaws.com' },
      {
        action: 'lambda:InvokeFunction',
        resource,
        resourcePolicy,
        context: { 'aws:SourceArn': `${source}/prod/${route}`, 'aws:SourceAccount': account.accountId },
      },
    )
  expect(ask('say')).toMatchObject({ allowed: true })
  expect(ask('$connect')).toEqual({ allowed: false, deny: 'implicit', kind: 'resource-based' })
})

test('the context has the global keys', () => {
  const conditions = {
    StringEquals: {
      'aws:PrincipalAccount': '123456789012',
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': 'us-east-1',
      'aws:ResourceAccount': '123456789012',
      'aws:UserAgent': 'probe',
      'aws:PrincipalTag/team': 'chat',
      'aws:PrincipalIsAWSService': 'false',
    },
    StringLike: { 'aws:userid': 'AROA*:s' },
    ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/chat/Say' },
    Bool: { 'aws:SecureTransport': 'true' },
    DateEquals: { 'aws:CurrentTime': '2026-11-21T12:00:00Z', 'aws:EpochTime': '2026-11-21T12:00:00Z' },
    IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
    Null: { 'aws:username': 'true', 'aws:SourceArn': 'true' },
  }
  const document = doc({ Effect: 'Allow', Action: '*', Resource: '*', Condition: conditions })
  iam.createRole({
    name: 'Say',
    path: '/chat/',
    trust,
    tags: { team: 'chat' },
    inline: [{ name: 'All', document }],
  })
  const request = { sourceIp: '127.0.0.1', userAgent: 'probe' }
  expect(iam.decide(sessionOf('Say'), put, request)).toMatchObject({ allowed: true })
  expect(iam.decide(sessionOf('Say'), put, { ...request, sourceIp: '10.0.0.1' }).allowed).toBe(false)
})

test('authorizing tells the stream of events, deciding does not', () => {
  iam.createRole({ name: 'Say', trust })
  iam.decide(sessionOf('Say'), put)
  expect(events.history()).toEqual([])
  iam.authorize(sessionOf('Say'), put)
  iam.authorize(iam.learner, put)
  expect(events.history()).toMatchObject([
    {
      kind: 'decision',
      principal: 'arn:aws:sts::123456789012:assumed-role/Say/s',
      ...put,
      allowed: false,
      because: 'because no identity-based policy allows the dynamodb:PutItem action',
    },
    { kind: 'decision', principal: iam.learner.arn, allowed: true },
  ])
})

test('a decision in the stream has the statement that settled it, and its kind of policy', () => {
  const role = iam.createRole({ name: 'Say', trust })
  iam.authorize(sessionOf('Say'), put)
  iam.putInlinePolicy(role, 'Put', allowPut)
  iam.authorize(sessionOf('Say'), put)
  const deny = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' } as const
  iam.putInlinePolicy(role, 'Never', { Statement: [deny] })
  iam.authorize(sessionOf('Say'), put)
  const everybody = { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' } as const
  const publish = { action: 'sns:Publish', resource: 'arn:aws:sns:us-east-1:123456789012:News' }
  iam.authorize(sessionOf('Say'), { ...publish, resourcePolicy: { Statement: everybody } })
  expect(events.history().map(event => event.kind === 'decision' && event.by)).toEqual([
    undefined,
    { kind: 'identity-based', statement: [allowPut.Statement].flat()[0] },
    { kind: 'identity-based', statement: deny },
    { kind: 'resource-based', statement: everybody },
  ])
})

test('what IAM does not take it refuses in AWS’s words', () => {
  const role = iam.createRole({ name: 'Say', trust })
  expect(() => iam.createRole({ name: 'say', trust })).toThrow(code('EntityAlreadyExists', 409))
  expect(() => iam.createRole({ name: 'a b', trust })).toThrow(code('ValidationError', 400))
  expect(() => iam.createRole({ name: 'a'.repeat(65), trust })).toThrow('less than or equal to 64')
  expect(() => iam.createRole({ name: 'Long', trust, maxSessionDuration: 60 })).toThrow(
    code('ValidationError'),
  )
  expect(() =>
    iam.createRole({ name: 'None', trust, boundary: 'arn:aws:iam::123456789012:policy/None' }),
  ).toThrow(code('NoSuchEntity', 404))
  expect(() => iam.role('None')).toThrow('The role with name None cannot be found.')
  expect(() => iam.attach(role, 'arn:aws:iam::aws:policy/job-function/Billing')).toThrow(
    'Policy arn:aws:iam::aws:policy/job-function/Billing does not exist or is not attachable. (or is an AWS managed policy that the local cloud does not have)',
  )
  expect(() => iam.deleteInlinePolicy(role, 'None')).toThrow(
    'The role policy with name None cannot be found.',
  )
  iam.putInlinePolicy(role, 'Put', allowPut)
  expect(() => iam.deleteRole('Say')).toThrow('Cannot delete entity, must delete policies first.')
  iam.policies.create({ name: 'Put', document: allowPut })
  expect(() => iam.policies.create({ name: 'PUT', document: allowPut })).toThrow(code('EntityAlreadyExists'))
})

test('a role that cannot have its policies does not come into being', () => {
  expect(() => iam.createRole({ name: 'Say', trust, attached: ['arn:aws:iam::aws:policy/Nothing'] })).toThrow(
    code('NoSuchEntity'),
  )
  expect(iam.roles()).toEqual([])
})

test('IAM’s quotas hold', () => {
  const long = (characters: number) =>
    doc({ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'a'.repeat(characters)}` })
  const role = iam.createRole({ name: 'Say', trust })
  iam.putInlinePolicy(role, 'First', long(9000))
  expect(() => iam.putInlinePolicy(role, 'Second', long(2000))).toThrow(
    'Maximum policy size of 10240 bytes exceeded for role Say',
  )
  iam.putInlinePolicy(role, 'First', long(2000))
  expect(() => iam.policies.create({ name: 'Long', document: long(7000) })).toThrow(
    'Cannot exceed quota for PolicySize: 6144',
  )
  for (let n = 0; n < 10; n++)
    iam.attach(role, iam.policies.create({ name: `P${n}`, document: allowPut }).arn)
  expect(() => iam.attach(role, basic)).toThrow('Cannot exceed quota for PoliciesPerRole: 10')
})
