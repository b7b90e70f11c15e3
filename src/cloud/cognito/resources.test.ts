import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  CfnUserPoolUser,
  CfnUserPoolUserToGroupAttachment,
  Mfa,
  StringAttribute,
  UserPool,
  UserPoolEmail,
} from 'aws-cdk-lib/aws-cognito'
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'
import { claims, PASSWORD, send, target } from './test-server.ts'

let guardian: Guardian
let cloud: Cloud
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
})

const template = (build: (stack: Stack) => void): any => {
  const outdir = mkdtempSync(join(tmpdir(), 'wslab-cdk-'))
  onTestFinished(() => rmSync(outdir, { recursive: true }))
  const stack = new Stack(new App({ outdir }), 'People')
  build(stack)
  const { Resources, Outputs } = App.of(stack)!.synth().getStackByName('People').template
  return { Resources, Outputs }
}
const deploy = async (stackName: string, template: object) => {
  const { stack } = await cloud.stacks.deploy({ stackName, template: template as any })
  return Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value]))
}
const open = async (name: string, input: object) =>
  (await send(cloud.endpoint, { headers: target(name), body: JSON.stringify(input) })).body

/** What aws-jwt-verify does, in short: the issuer's keys by HTTPS, then RS256. */
const verifier = `
const https = require('node:https'), crypto = require('node:crypto')
const read = url => new Promise((resolve, reject) => https.get(url, answer => {
  let text = ''
  answer.on('data', part => { text += part }).on('end', () => resolve(JSON.parse(text)))
}).on('error', reject))
exports.handler = async ({ token }) => {
  const [header, payload, signature] = token.split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url'))
  const { keys } = await read(process.env.ISSUER + '/.well-known/jwks.json')
  const key = crypto.createPublicKey({ key: keys.find(one => one.kid === kid), format: 'jwk' })
  const isGood = crypto.createVerify('RSA-SHA256').update(header + '.' + payload).verify(key, signature, 'base64url')
  return isGood && JSON.parse(Buffer.from(payload, 'base64url')).exp > Date.now() / 1000
}`

test('a pool from CDK lets somebody sign up, and a function verify who they are', async () => {
  const outputs = await deploy(
    'People',
    template(stack => {
      const pool = new UserPool(stack, 'Pool', {
        selfSignUpEnabled: true,
        signInAliases: { email: true },
        autoVerify: { email: true },
        mfa: Mfa.OFF,
        customAttributes: { tier: new StringAttribute({ mutable: true }) },
        standardAttributes: { nickname: { required: false, mutable: true } },
        passwordPolicy: { minLength: 12, tempPasswordValidity: Duration.days(3) },
        signInCaseSensitive: false,
        email: UserPoolEmail.withCognito('no-reply@example.com'),
        userVerification: { emailBody: 'Your code: {####}', emailSubject: 'Hello' },
      })
      const client = pool.addClient('Page', {
        authFlows: { userPassword: true, userSrp: true },
        accessTokenValidity: Duration.minutes(5),
        preventUserExistenceErrors: true,
      })
      pool.addGroup('Moderators', { groupName: 'moderators', precedence: 1 })
      const fn = new Fn(stack, 'Verify', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline(verifier),
        environment: { ISSUER: pool.userPoolProviderUrl },
        timeout: Duration.seconds(20),
      })
      for (const [name, value] of Object.entries({
        PoolId: pool.userPoolId,
        Arn: pool.userPoolArn,
        Provider: pool.userPoolProviderName,
        ClientId: client.userPoolClientId,
        FunctionName: fn.functionName,
      })) {
        new CfnOutput(stack, name, { value })
      }
    }),
  )
  const { PoolId, ClientId } = outputs
  expect(outputs).toMatchObject({
    PoolId: expect.stringMatching(/^us-east-1_[A-Za-z\d]{9}$/),
    Arn: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${PoolId}`,
    Provider: `cognito-idp.us-east-1.amazonaws.com/${PoolId}`,
  })
  const Username = 'ana@example.com'
  expect(await open('SignUp', { ClientId, Username, Password: 'all-small-and-long' })).toMatchObject({
    UserConfirmed: false,
  })
  const letter = cloud.events.history().findLast(event => event.kind === 'log')
  expect(letter).toMatchObject({ logGroup: `/local/cognito/${PoolId}`, logStream: 'email' })
  const { code, message, subject } = JSON.parse((letter as any).message)
  expect([message, subject]).toEqual([`Your code: ${code}`, 'Hello'])
  await open('ConfirmSignUp', { ClientId, Username, ConfirmationCode: code })
  const { AuthenticationResult } = await open('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'Ana@Example.com', PASSWORD: 'all-small-and-long' },
  })
  const { AccessToken } = AuthenticationResult
  expect(claims(AccessToken).exp - claims(AccessToken).iat).toBe(300)

  const lambda = new LambdaClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: cloud.credentials,
  })
  const verify = async (token: string) => {
    const Payload = JSON.stringify({ token })
    const answer = await lambda.send(new InvokeCommand({ FunctionName: outputs.FunctionName, Payload }))
    return answer.Payload!.transformToString()
  }
  expect(await verify(AccessToken)).toBe('true')
  expect(await verify(AccessToken.replace(/\.[^.]+$/, '.AAAA'))).toBe('false')
  lambda.destroy()
})

test('users and groups of a template are there, and in each other', async () => {
  const build = (nickname: string) =>
    template(stack => {
      const pool = new UserPool(stack, 'Pool', { removalPolicy: RemovalPolicy.DESTROY })
      const group = pool.addGroup('Speakers', { groupName: 'speakers' })
      const user = new CfnUserPoolUser(stack, 'Ana', {
        userPoolId: pool.userPoolId,
        username: 'ana',
        userAttributes: [{ name: 'nickname', value: nickname }],
      })
      new CfnUserPoolUserToGroupAttachment(stack, 'In', {
        userPoolId: pool.userPoolId,
        groupName: group.groupName,
        username: user.ref,
      })
      const client = pool.addClient('Page', { generateSecret: true })
      new CfnOutput(stack, 'PoolId', { value: pool.userPoolId })
      new CfnOutput(stack, 'Secret', { value: client.node.defaultChild!.toString() })
    })
  const made = build('A.')
  const [clientId] = Object.entries<any>(made.Resources).find(
    ([, { Type }]) => Type === 'AWS::Cognito::UserPoolClient',
  )!
  const [poolId] = Object.entries<any>(made.Resources).find(
    ([, { Type }]) => Type === 'AWS::Cognito::UserPool',
  )!
  // As CDK's userPoolClientSecret asks for it.
  made.Resources.Describe = {
    Type: 'Custom::DescribeCognitoUserPoolClient',
    Properties: {
      ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:provider',
      InstallLatestAwsSdk: false,
      Create: {
        'Fn::Sub': `{"action":"describeUserPoolClient","parameters":{"UserPoolId":"\${${poolId}}","ClientId":"\${${clientId}}"}}`,
      },
    },
  }
  made.Outputs.Secret.Value = { 'Fn::GetAtt': ['Describe', 'UserPoolClient.ClientSecret'] }
  made.Outputs.Same = { Value: { 'Fn::GetAtt': [clientId, 'ClientSecret'] } }
  const outputs = await deploy('Members', made)
  expect(outputs.Secret).toMatch(/^[a-z\d]{52}$/)
  expect(outputs.Same).toBe(outputs.Secret)

  const { operations } = cloud.services.find(({ signingName }) => signingName === 'cognito-idp')!
  const ask = (name: string, input: object) =>
    operations.find(one => one.name === name)!.run({ UserPoolId: outputs.PoolId, ...input }, {} as any) as any
  expect(ask('ListUsersInGroup', { GroupName: 'speakers' }).Users).toMatchObject([
    { Username: 'ana', UserStatus: 'FORCE_CHANGE_PASSWORD' },
  ])
  ask('AdminSetUserPassword', { Username: 'ana', Password: PASSWORD, Permanent: true })
  await cloud.stacks.delete('Members')
  expect(() => ask('DescribeUserPool', {})).toThrow(`User pool ${outputs.PoolId} does not exist.`)
})

test('a pool keeps its users through an update in place', async () => {
  const build = (minLength: number) =>
    template(stack => {
      const pool = new UserPool(stack, 'Pool', { selfSignUpEnabled: true, passwordPolicy: { minLength } })
      const client = pool.addClient('Page', { authFlows: { userPassword: true } })
      new CfnOutput(stack, 'ClientId', { value: client.userPoolClientId })
    })
  const before = await deploy('Lasting', build(8))
  await open('SignUp', { ClientId: before.ClientId, Username: 'ana', Password: 'eight-ch' })
  const after = await deploy('Lasting', build(20))
  expect(after.ClientId).toBe(before.ClientId)
  const signUp = (Username: string) =>
    open('SignUp', { ClientId: after.ClientId, Username, Password: 'eight-ch' })
  expect(await signUp('ana')).toMatchObject({ __type: 'InvalidPasswordException' })
  const AuthParameters = { USERNAME: 'ana', PASSWORD: 'eight-ch' }
  const signIn = { ClientId: after.ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }
  expect(await open('InitiateAuth', signIn)).toMatchObject({ __type: 'UserNotConfirmedException' })
})

test('a pool may get attributes, and keeps those it has as they are', async () => {
  const pool = (...Schema: object[]) => ({
    Resources: { Pool: { Type: 'AWS::Cognito::UserPool', Properties: { Schema } } },
    Outputs: { PoolId: { Value: { Ref: 'Pool' } } },
  })
  const tier = { Name: 'tier', AttributeDataType: 'String', Mutable: true }
  const { PoolId } = await deploy('Growing', pool(tier))
  const grown = pool(tier, { Name: 'club', AttributeDataType: 'String' })
  expect(await deploy('Growing', grown)).toEqual({ PoolId })
  await expect(deploy('Growing', pool(tier))).rejects.toThrow(
    'Existing schema attributes cannot be modified or deleted.',
  )
})

test.each<[string, object, RegExp]>([
  ['UserPool', { MfaConfiguration: 'OPTIONAL' }, /MfaConfiguration OPTIONAL is not supported/],
  ['UserPool', { LambdaConfig: { CustomSMSSender: {} } }, /LambdaConfig\.CustomSMSSender is not supported/],
  ['UserPool', { DeviceConfiguration: {} }, /DeviceConfiguration/],
  ['UserPoolClient', { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] }, /ALLOW_USER_AUTH is not supported/],
  ['UserPoolClient', { SupportedIdentityProviders: ['Google'] }, /Google is not supported/],
  ['UserPoolDomain', { Domain: 'people' }, /AWS::Cognito::UserPoolDomain/],
])('a %s with %j is refused by name before anything is made', async (type, properties, words) => {
  const Resources = {
    It: { Type: `AWS::Cognito::${type}`, Properties: { UserPoolId: 'us-east-1_x', ...properties } },
  }
  if (type === 'UserPool') delete (Resources.It.Properties as any).UserPoolId
  await expect(deploy('Refused', { Resources })).rejects.toThrow(words)
})
