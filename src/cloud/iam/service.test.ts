import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { defaultAccount as account } from '../account.ts'
import { buildDoor } from '../door/door.ts'
import { eventStream } from '../events.ts'
import { startSts } from '../sts/sessions.ts'
import type { PolicyDocument, Statement } from './policy.ts'
import { startIam } from './roles.ts'
import { iamService } from './service.ts'

const events = eventStream(Date.now)
const doc = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const text = (...statements: Statement[]) => JSON.stringify(doc(...statements))
const trust = (Principal: (Statement['Principal'] & object) | string, more: Partial<Statement> = {}) =>
  doc({ Effect: 'Allow', Principal: Principal as '*', Action: 'sts:AssumeRole', ...more })
const lambdaTrust = trust({ Service: 'lambda.amazonaws.com' })
const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/Room'
const sayArn = 'arn:aws:iam::123456789012:role/chat/Say'

let iam: ReturnType<typeof startIam>
let sts: ReturnType<typeof startSts>
let server: ReturnType<typeof createServer>
let faults: unknown[] = []

/** IAM and STS behind the door, on a port of its own. */
beforeEach(async () => {
  iam = startIam({ account, events, now: Date.now })
  sts = startSts({ account, iam, now: Date.now })
  faults = []
  const door = buildDoor({
    account,
    services: [iamService(iam, sts.accessKeys), sts.service],
    findKey: sts.find,
    authorize: iam.authorize,
    withoutSignature: () => undefined,
    onFault: fault => faults.push(fault),
  })
  server = createServer((request, response) => void door.serve(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  iam.createRole({
    name: 'Say',
    path: '/chat/',
    trust: lambdaTrust,
    description: 'says',
    attached: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    inline: [{ name: 'Read', document: doc({ Effect: 'Allow', Action: 'dynamodb:Get*', Resource: table }) }],
  })
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  expect(faults).toEqual([])
})

const configuration = (credentials: object = sts.learner) => ({
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  region: 'us-east-1',
  credentials: credentials as typeof sts.learner,
  maxAttempts: 1,
})
const client = (credentials?: object) => new IAMClient(configuration(credentials))
const simulated = async (input: Partial<SimulatePrincipalPolicyCommandInput>) => {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: sayArn,
    ActionNames: ['dynamodb:GetItem'],
    ...input,
  })
  const { EvaluationResults = [] } = await client().send(command)
  return EvaluationResults
}
const verdicts = async (input: Partial<SimulatePrincipalPolicyCommandInput>) =>
  (await simulated(input)).map(({ EvalDecision }) => EvalDecision)

test('the simulator answers for every action on every resource', async () => {
  const results = await simulated({
    ActionNames: ['dynamodb:GetItem', 'dynamodb:PutItem', 'logs:PutLogEvents'],
    ResourceArns: [table, `${table}2`],
  })
  expect(results.map(one => [one.EvalActionName, one.EvalResourceName, one.EvalDecision])).toEqual([
    ['dynamodb:GetItem', table, 'allowed'],
    ['dynamodb:GetItem', `${table}2`, 'implicitDeny'],
    ['dynamodb:PutItem', table, 'implicitDeny'],
    ['dynamodb:PutItem', `${table}2`, 'implicitDeny'],
    ['logs:PutLogEvents', table, 'allowed'],
    ['logs:PutLogEvents', `${table}2`, 'allowed'],
  ])
  expect(results[0]).toMatchObject({
    MatchedStatements: [{ SourcePolicyId: 'role_Say_Read', SourcePolicyType: 'IAM Policy' }],
    ResourceSpecificResults: [{ EvalResourceName: table, EvalResourceDecision: 'allowed' }],
  })
  expect(results[1]?.MatchedStatements).toEqual([])
  expect(results[4]?.MatchedStatements).toMatchObject([{ SourcePolicyId: 'AWSLambdaBasicExecutionRole' }])
})

test('without resources the simulator asks about all of them', async () => {
  expect(await simulated({})).toMatchObject([{ EvalResourceName: '*', EvalDecision: 'implicitDeny' }])
  expect(await verdicts({ ActionNames: ['logs:CreateLogStream'] })).toEqual(['allowed'])
})

test('the simulator tells an explicit deny', async () => {
  iam.putInlinePolicy(iam.role('Say'), 'Not', doc({ Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' }))
  const [result] = await simulated({ ResourceArns: [table] })
  expect(result).toMatchObject({
    EvalDecision: 'explicitDeny',
    MatchedStatements: [{ SourcePolicyId: 'role_Say_Not' }],
  })
})

test('policies can be added to a simulation', async () => {
  const PolicyInputList = [text({ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' })]
  const [result] = await simulated({
    ActionNames: ['dynamodb:PutItem'],
    ResourceArns: [table],
    PolicyInputList,
  })
  expect(result).toMatchObject({
    EvalDecision: 'allowed',
    MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
  })
})

test('context is what was entered, and what is missing is named', async () => {
  const Condition = {
    StringEquals: { 'dynamodb:Select': 'COUNT' },
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'a*' },
    ArnEquals: { 'aws:PrincipalArn': sayArn },
  }
  iam.putInlinePolicy(
    iam.role('Say'),
    'Query',
    doc({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: '*', Condition }),
  )
  const input = { ActionNames: ['dynamodb:Query'], ResourceArns: [table] }
  const [without] = await simulated(input)
  expect(without).toMatchObject({
    EvalDecision: 'implicitDeny',
    MissingContextValues: ['dynamodb:Select', 'dynamodb:LeadingKeys'],
  })
  const entries = (keys: string[]): SimulatePrincipalPolicyCommandInput['ContextEntries'] => [
    { ContextKeyName: 'dynamodb:Select', ContextKeyType: 'string', ContextKeyValues: ['COUNT'] },
    { ContextKeyName: 'dynamodb:LeadingKeys', ContextKeyType: 'stringList', ContextKeyValues: keys },
  ]
  expect(await simulated({ ...input, ContextEntries: entries(['a', 'ab']) })).toMatchObject([
    { EvalDecision: 'allowed', MissingContextValues: [] },
  ])
  expect(await verdicts({ ...input, ContextEntries: entries(['a', 'b']) })).toEqual(['implicitDeny'])
  expect(await verdicts({ ...input, ContextEntries: [] })).toEqual(['implicitDeny'])
})

test('a boundary counts in a simulation, the role’s own or one to try', async () => {
  const boundary = text({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
  const [result] = await simulated({ ResourceArns: [table], PermissionsBoundaryPolicyInputList: [boundary] })
  expect(result).toMatchObject({
    EvalDecision: 'implicitDeny',
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
  })
  iam.updateRole('Say', {
    boundary: iam.policies.create({ name: 'Edge', document: JSON.parse(boundary) }).arn,
  })
  expect(await verdicts({ ResourceArns: [table] })).toEqual(['implicitDeny'])
})

test('a resource’s policy counts for the user who is named as caller', async () => {
  const caller = iam.learner.arn
  const ResourcePolicy = text({ Effect: 'Deny', Principal: { AWS: caller }, Action: '*', Resource: '*' })
  const input = { ResourceArns: [table], ResourcePolicy }
  expect(await verdicts({ ...input, CallerArn: caller })).toEqual(['explicitDeny'])
  expect(await verdicts({ ...input, PolicySourceArn: caller })).toEqual(['explicitDeny'])
  await expect(simulated(input)).rejects.toMatchObject({ name: 'InvalidInputException' })
  await expect(simulated({ ...input, CallerArn: sayArn })).rejects.toMatchObject({
    name: 'InvalidInputException',
  })
})

test('trust policies have no say in a simulation', async () => {
  const input = { PolicySourceArn: iam.learner.arn, ActionNames: ['sts:AssumeRole'], ResourceArns: [sayArn] }
  expect(await verdicts(input)).toEqual(['allowed'])
})

test('policies that belong to nobody can be simulated', async () => {
  const PolicyInputList = [text({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' })]
  const command = new SimulateCustomPolicyCommand({
    PolicyInputList,
    ActionNames: ['s3:GetObject', 's3:PutObject'],
  })
  const { EvaluationResults } = await client().send(command)
  expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny'])
})

test('results come in pages', async () => {
  const ActionNames = ['a:A', 'a:B', 'a:C']
  const first = await client().send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: sayArn, ActionNames, MaxItems: 2 }),
  )
  expect(first).toMatchObject({
    IsTruncated: true,
    EvaluationResults: [{ EvalActionName: 'a:A' }, { EvalActionName: 'a:B' }],
  })
  const rest = await client().send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: sayArn,
      ActionNames,
      MaxItems: 2,
      Marker: first.Marker,
    }),
  )
  expect(rest).toMatchObject({ IsTruncated: false, EvaluationResults: [{ EvalActionName: 'a:C' }] })
})

test('without MaxItems a page holds 100 results', async () => {
  const ActionNames = Array.from({ length: 101 }, (_, at) => `a:Action${at}`)
  const first = await client().send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: sayArn, ActionNames }),
  )
  expect(first.EvaluationResults).toHaveLength(100)
  const { Marker } = first
  const rest = await client().send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: sayArn, ActionNames, Marker }),
  )
  expect(rest).toMatchObject({ IsTruncated: false, EvaluationResults: [{ EvalActionName: 'a:Action100' }] })
})

test('actions that the simulator lists cannot be asked together with others on named resources', async () => {
  const ActionNames = ['dynamodb:GetItem', 's3:DeleteBucketOwnershipControls', 'S3:getobject', 's3:Nothing']
  await expect(simulated({ ActionNames, ResourceArns: [table] })).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: expect.stringContaining(
      'Invalid Input Actions: [dynamodb:GetItem,S3:getobject] and [s3:DeleteBucketOwnershipControls,s3:Nothing] require different authorization information.',
    ),
  })
  expect(await verdicts({ ActionNames })).toHaveLength(4)
  expect(await verdicts({ ActionNames: ActionNames.slice(1, 2), ResourceArns: [table] })).toEqual([
    'implicitDeny',
  ])
})

test('what cannot be simulated is refused', async () => {
  const session = 'arn:aws:sts::123456789012:assumed-role/Say/x'
  await expect(simulated({ PolicySourceArn: session })).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: `Invalid Entity Arn: ${session} does not clearly define entity type and name.`,
  })
  await expect(simulated({ PolicySourceArn: `${sayArn}2` })).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name Say2 cannot be found.',
    $metadata: { httpStatusCode: 404 },
  })
  await expect(simulated({ ActionNames: [] })).rejects.toMatchObject({ name: 'ValidationError' })
  await expect(simulated({ PolicyInputList: ['{}'] })).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
    message: 'Syntax errors in policy.',
  })
})

test('a role can be read', async () => {
  const { Role } = await client().send(new GetRoleCommand({ RoleName: 'Say' }))
  expect(Role).toMatchObject({
    RoleName: 'Say',
    Path: '/chat/',
    Arn: sayArn,
    Description: 'says',
    MaxSessionDuration: 3600,
  })
  expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(lambdaTrust)
  const { Roles } = await client().send(new ListRolesCommand({ PathPrefix: '/chat/' }))
  expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['Say'])
  expect((await client().send(new ListRolesCommand({ PathPrefix: '/other/' }))).Roles).toEqual([])
})

test('a role’s policies can be read', async () => {
  const { PolicyNames } = await client().send(new ListRolePoliciesCommand({ RoleName: 'Say' }))
  expect(PolicyNames).toEqual(['Read'])
  const { PolicyDocument: encoded } = await client().send(
    new GetRolePolicyCommand({ RoleName: 'Say', PolicyName: 'Read' }),
  )
  expect(JSON.parse(decodeURIComponent(encoded ?? ''))).toEqual(iam.role('Say').inline.get('Read'))
  const { AttachedPolicies = [] } = await client().send(
    new ListAttachedRolePoliciesCommand({ RoleName: 'Say' }),
  )
  expect(AttachedPolicies.map(({ PolicyName }) => PolicyName)).toEqual(['AWSLambdaBasicExecutionRole'])
  const { Policy } = await client().send(new GetPolicyCommand({ PolicyArn: AttachedPolicies[0]!.PolicyArn }))
  expect(Policy).toMatchObject({
    Path: '/service-role/',
    DefaultVersionId: 'v1',
    AttachmentCount: 1,
    IsAttachable: true,
  })
  const version = new GetPolicyVersionCommand({ PolicyArn: Policy!.Arn, VersionId: Policy!.DefaultVersionId })
  const { PolicyVersion } = await client().send(version)
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')).Statement[0].Action).toContain(
    'logs:PutLogEvents',
  )
  await expect(
    client().send(new GetRolePolicyCommand({ RoleName: 'Say', PolicyName: 'None' })),
  ).rejects.toMatchObject({
    message: 'The role policy with name None cannot be found.',
  })
})

test('IAM denies in its own words', async () => {
  const keys = sts.issue(sayArn, 'Say')
  await expect(client(keys).send(new GetRoleCommand({ RoleName: 'Say' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message:
      'User: arn:aws:sts::123456789012:assumed-role/Say/Say is not authorized to perform: iam:GetRole on resource: role Say because no identity-based policy allows the iam:GetRole action',
    $metadata: { httpStatusCode: 403 },
  })
})

const stsClient = (credentials?: object) => new STSClient(configuration(credentials))

test('anybody may ask who they are, whatever denies it', async () => {
  expect(await stsClient().send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/learner',
    UserId: iam.learner.userId,
  })
  iam.putInlinePolicy(iam.role('Say'), 'Not', doc({ Effect: 'Deny', Action: '*', Resource: '*' }))
  expect(
    await stsClient(sts.issue(sayArn, 'Say-function')).send(new GetCallerIdentityCommand({})),
  ).toMatchObject({
    Arn: 'arn:aws:sts::123456789012:assumed-role/Say/Say-function',
    UserId: `${iam.role('Say').id}:Say-function`,
  })
})

const assume = (RoleArn: string, more: object = {}, credentials?: object) =>
  stsClient(credentials).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'walk', ...more }))

test('a role that trusts the caller can be assumed, and its keys are good', async () => {
  const { arn } = iam.createRole({ name: 'Open', trust: trust({ AWS: iam.learner.arn }) })
  const { Credentials, AssumedRoleUser } = await assume(arn)
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/Open/walk')
  const seconds = (Credentials!.Expiration!.getTime() - Date.now()) / 1000
  expect(seconds).toBeGreaterThan(3600 - HANG / 1000)
  expect(seconds).toBeLessThanOrEqual(3600)
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  expect((await stsClient(keys).send(new GetCallerIdentityCommand({}))).Arn).toBe(AssumedRoleUser!.Arn)
  iam.deleteRole('Open')
  await expect(stsClient(keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
})

test('a role that does not trust the caller, or is not there, cannot be assumed, and STS does not say which', async () => {
  for (const arn of [sayArn, `${sayArn}2`]) {
    await expect(assume(arn)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${iam.learner.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      $metadata: { httpStatusCode: 403 },
    })
  }
})

test('a session may assume a role that trusts its own role, within its means', async () => {
  const { arn } = iam.createRole({ name: 'Next', trust: trust({ AWS: sayArn }), maxSessionDuration: 7200 })
  const keys = sts.issue(sayArn, 'Say')
  expect((await assume(arn, {}, keys)).AssumedRoleUser?.Arn).toContain('assumed-role/Next/walk')
  await expect(assume(arn, { DurationSeconds: 7200 }, keys)).rejects.toThrow('roles assumed by role chaining')
})

test('a trust policy may ask for an external id', async () => {
  const Condition = { StringEquals: { 'sts:ExternalId': 'secret' } }
  const { arn } = iam.createRole({ name: 'Asks', trust: trust({ AWS: iam.learner.arn }, { Condition }) })
  await expect(assume(arn)).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(assume(arn, { ExternalId: 'guess' })).rejects.toMatchObject({ name: 'AccessDenied' })
  expect((await assume(arn, { ExternalId: 'secret' })).Credentials).toBeDefined()
})

test('a session policy narrows the session', async () => {
  const everything = { name: 'All', document: doc({ Effect: 'Allow', Action: '*', Resource: '*' }) }
  const { arn } = iam.createRole({
    name: 'Open',
    trust: trust({ AWS: iam.learner.arn }),
    inline: [everything],
  })
  const { Credentials } = await assume(arn, {
    Policy: text({ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }),
  })
  const keys = {
    accessKeyId: Credentials!.AccessKeyId,
    secretAccessKey: Credentials!.SecretAccessKey,
    sessionToken: Credentials!.SessionToken,
  }
  expect((await client(keys).send(new ListRolesCommand({}))).Roles).toHaveLength(2)
  await expect(client(keys).send(new GetRoleCommand({ RoleName: 'Say' }))).rejects.toThrow(
    'because no session policy allows the iam:GetRole action',
  )
})

test('what AssumeRole cannot take it refuses', async () => {
  const { arn } = iam.createRole({ name: 'Open', trust: trust({ AWS: iam.learner.arn }) })
  await expect(assume(arn, { DurationSeconds: 60 })).rejects.toMatchObject({ name: 'ValidationError' })
  await expect(assume(arn, { DurationSeconds: 7200 })).rejects.toThrow(
    'exceeds the MaxSessionDuration set for this role',
  )
  await expect(assume(arn, { RoleSessionName: 'a b' })).rejects.toMatchObject({ name: 'ValidationError' })
  await expect(assume('Open')).rejects.toMatchObject({ name: 'ValidationError', message: 'Open is invalid' })
  await expect(assume(arn, { Policy: '{' })).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
  })
})
