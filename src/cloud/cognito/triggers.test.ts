import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { App, CfnOutput, Stack } from 'aws-cdk-lib'
import { type CfnUserPool, LambdaVersion, UserPool, UserPoolOperation } from 'aws-cdk-lib/aws-cognito'
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cloud, startCloud } from '../cloud.ts'
import { type Guardian, startGuardian } from '../guardian.ts'
import { claims } from './test-server.ts'

process.env.CDK_VALIDATION = 'false'

const PASSWORD = 'Correct-horse-1'

/** One function for every trigger: the name says what it is to do. */
const CODE = `exports.handler = async event => {
  console.log(JSON.stringify(event))
  const { triggerSource: source, userName, request, response } = event
  if (userName === 'evil' && source.startsWith(request.userAttributes.website ?? 'none')) throw new Error('No entry for you')
  if (userName === 'mute' && source === 'PreSignUp_SignUp') return
  if (source === 'PreSignUp_SignUp' && userName.startsWith('friend')) {
    response.autoConfirmUser = true
    response.autoVerifyEmail = true
  }
  if (source.startsWith('CustomMessage_')) {
    response.emailSubject = source
    response.emailMessage = 'For ' + userName + ': ' + request.codeParameter
  }
  if (source.startsWith('TokenGeneration_') && event.version === '1') response.claimsOverrideDetails = {
    claimsToAddOrOverride: { room: 'blue', sub: 'somebody else' },
    claimsToSuppress: ['email'],
    groupOverrideDetails: { groupsToOverride: ['guests'] },
  }
  if (source.startsWith('TokenGeneration_') && event.version === '2') response.claimsAndScopeOverrideDetails = {
    idTokenGeneration: { claimsToAddOrOverride: { rooms: ['blue', 'red'] } },
    accessTokenGeneration: { claimsToAddOrOverride: { room: 'blue' }, scopesToAdd: ['chat/say'] },
  }
  if (source === 'UserMigration_Authentication' && userName === 'nomad' && request.password === '${PASSWORD}') {
    response.userAttributes = { email: 'nomad@example.com', email_verified: 'true' }
    response.finalUserStatus = 'CONFIRMED'
  }
  return event
}`

const root = mkdtempSync(join(tmpdir(), 'triggers-'))
let guardian: Guardian
let cloud: Cloud
let cognito: CognitoIdentityProviderClient
let logs: CloudWatchLogsClient
let out: Record<string, string>
beforeAll(async () => {
  guardian = startGuardian()
  cloud = await startCloud({ guardian })
  const { endpoint, credentials } = cloud
  const config = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
  cognito = new CognitoIdentityProviderClient(config)
  logs = new CloudWatchLogsClient(config)
  const app = new App({ outdir: root, analyticsReporting: false })
  const stack = new Stack(app, 'People')
  const fn = new Lambda(stack, 'Fn', {
    functionName: 'trigger',
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(CODE),
  })
  const auth = { authFlows: { userPassword: true, userSrp: true } }
  const first = new UserPool(stack, 'First', {
    selfSignUpEnabled: true,
    autoVerify: { email: true },
    lambdaTriggers: {
      preSignUp: fn,
      postConfirmation: fn,
      preAuthentication: fn,
      postAuthentication: fn,
      preTokenGeneration: fn,
      customMessage: fn,
      userMigration: fn,
    },
  })
  const second = new UserPool(stack, 'Second', { selfSignUpEnabled: true })
  second.addTrigger(UserPoolOperation.PRE_SIGN_UP, fn)
  second.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, fn, LambdaVersion.V2_0)
  const barred = new UserPool(stack, 'Barred', { selfSignUpEnabled: true })
  ;(barred.node.defaultChild as CfnUserPool).lambdaConfig = { preSignUp: fn.functionArn }
  for (const [name, pool] of Object.entries({ First: first, Second: second, Barred: barred })) {
    new CfnOutput(stack, `${name}Pool`, { value: pool.userPoolId })
    new CfnOutput(stack, `${name}Client`, { value: pool.addClient('Page', auth).userPoolClientId })
  }
  app.synth()
  const { stacks } = await cloud.deploy(root)
  out = Object.fromEntries(stacks[0]!.outputs.map(({ key, value }) => [key, value]))
})
afterAll(async () => {
  cognito.destroy()
  logs.destroy()
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

const signUp = (Username: string, more: Partial<SignUpCommandInput> = {}, pool = 'First') =>
  cognito.send(
    new SignUpCommand({
      ClientId: out[`${pool}Client`],
      Username,
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: `${Username}@example.com` }],
      ...more,
    }),
  )
const signIn = (USERNAME: string, more = {}, pool = 'First') =>
  cognito.send(
    new InitiateAuthCommand({
      ClientId: out[`${pool}Client`]!,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
      ...more,
    }),
  )
/** The events that the function was given about somebody, oldest first. */
async function seen(userName: string): Promise<any[]> {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/trigger', filterPattern: '"triggerSource"' }),
  )
  const all = events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('{'))))
  return all.filter(event => event.userName === userName)
}
async function letters() {
  const logGroupName = `/local/cognito/${out.FirstPool}`
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }))
  return events.map(({ message }) => JSON.parse(message!))
}

test('PreSignUp confirms and verifies somebody, and the other functions follow in order', async () => {
  const metadata = { from: 'test' }
  const answer = await signUp('friend', {
    ClientMetadata: metadata,
    ValidationData: [{ Name: 'team', Value: 'blue' }],
  })
  expect(answer).toMatchObject({ UserConfirmed: true })
  expect(answer.CodeDeliveryDetails).toBeUndefined()
  await signIn('friend', { ClientMetadata: metadata })

  const events = await seen('friend')
  expect(events.map(one => one.triggerSource)).toEqual([
    'PreSignUp_SignUp',
    'PostConfirmation_ConfirmSignUp',
    'PreAuthentication_Authentication',
    'PostAuthentication_Authentication',
    'TokenGeneration_Authentication',
  ])
  expect(events[0]).toEqual({
    version: '1',
    triggerSource: 'PreSignUp_SignUp',
    region: 'us-east-1',
    userPoolId: out.FirstPool,
    userName: 'friend',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: out.FirstClient },
    request: {
      userAttributes: { email: 'friend@example.com' },
      validationData: { team: 'blue' },
      clientMetadata: metadata,
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  })
  expect(events[1].request.userAttributes).toEqual({
    sub: answer.UserSub,
    'cognito:user_status': 'CONFIRMED',
    email: 'friend@example.com',
    email_verified: 'true',
  })
  expect(events[2].request).toMatchObject({ validationData: metadata })
  expect(events[3].request).toMatchObject({ newDeviceUsed: false })
  expect(events[4]).toMatchObject({
    request: { groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null } },
    response: { claimsOverrideDetails: null },
  })
})

test('PreTokenGeneration changes the id token, and in its second version the access token too', async () => {
  const { UserSub } = await signUp('friend-1')
  const { AuthenticationResult: first } = await signIn('friend-1')
  expect(claims(first!.IdToken!)).toMatchObject({ room: 'blue', sub: UserSub, 'cognito:groups': ['guests'] })
  expect(claims(first!.IdToken!)).not.toHaveProperty('email')
  expect(claims(first!.AccessToken!)).not.toHaveProperty('room')

  await signUp('friend-2', {}, 'Second')
  const { AuthenticationResult: second } = await signIn('friend-2', {}, 'Second')
  expect(claims(second!.IdToken!)).toMatchObject({ rooms: ['blue', 'red'] })
  expect(claims(second!.AccessToken!)).toMatchObject({
    room: 'blue',
    scope: 'aws.cognito.signin.user.admin chat/say',
  })
  const event = (await seen('friend-2')).at(-1)
  expect(event).toMatchObject({
    version: '2',
    request: { scopes: ['aws.cognito.signin.user.admin'] },
    response: { claimsAndScopeOverrideDetails: null },
  })
  const refreshed = await signIn(
    '',
    { AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: second!.RefreshToken! } },
    'Second',
  )
  expect(claims(refreshed.AuthenticationResult!.AccessToken!)).toMatchObject({ room: 'blue' })
  expect((await seen('friend-2')).at(-1).triggerSource).toBe('TokenGeneration_RefreshTokens')
})

test('CustomMessage writes what is sent', async () => {
  await signUp('ana')
  await cognito.send(new ResendConfirmationCodeCommand({ ClientId: out.FirstClient, Username: 'ana' }))
  const sent = await letters()
  expect(sent.map(one => one.subject)).toEqual(['CustomMessage_SignUp', 'CustomMessage_ResendCode'])
  const { message, code } = sent.at(-1)
  expect(message).toBe(`For ana: ${code}`)
  await cognito.send(
    new ConfirmSignUpCommand({ ClientId: out.FirstClient, Username: 'ana', ConfirmationCode: code }),
  )
  expect((await seen('ana')).map(one => one.triggerSource)).toEqual([
    'PreSignUp_SignUp',
    'CustomMessage_SignUp',
    'CustomMessage_ResendCode',
    'PostConfirmation_ConfirmSignUp',
  ])
  await cognito.send(
    new AdminCreateUserCommand({
      UserPoolId: out.FirstPool,
      Username: 'ben',
      UserAttributes: [{ Name: 'email', Value: 'ben@example.com' }],
      DesiredDeliveryMediums: ['EMAIL'],
    }),
  )
  const [asked, written] = await seen('ben')
  expect(asked).toMatchObject({
    triggerSource: 'PreSignUp_AdminCreateUser',
    callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
  })
  expect(written).toMatchObject({
    triggerSource: 'CustomMessage_AdminCreateUser',
    request: { codeParameter: '{####}', usernameParameter: '{username}' },
  })
})

test('UserMigration brings somebody who is not in the pool', async () => {
  expect(await signIn('nomad')).toHaveProperty('AuthenticationResult')
  expect(await signIn('nomad')).toHaveProperty('AuthenticationResult')
  const sources = (await seen('nomad')).map(one => one.triggerSource)
  expect(sources.filter(one => one.startsWith('UserMigration'))).toHaveLength(1)
  await expect(signIn('stranger')).rejects.toMatchObject({
    name: 'UserNotFoundException',
    message: `Exception migrating user in app client ${out.FirstClient}`,
  })
})

test('a function that throws, says nothing or may not be called refuses the caller in AWS’s words', async () => {
  const evil = (website: string) =>
    signUp('evil', {
      UserAttributes: [
        { Name: 'email', Value: 'evil@example.com' },
        { Name: 'website', Value: website },
      ],
    })
  await expect(evil('PreSignUp')).rejects.toMatchObject({
    name: 'UserLambdaValidationException',
    message: 'PreSignUp failed with error No entry for you.',
  })
  const { Users } = await cognito.send(
    new ListUsersCommand({ UserPoolId: out.FirstPool, Filter: 'username = "evil"' }),
  )
  expect(Users).toEqual([])
  await evil('PreAuth')
  await expect(signIn('evil')).rejects.toMatchObject({
    name: 'UserLambdaValidationException',
    message: 'PreAuthentication failed with error No entry for you.',
  })
  await expect(signUp('mute')).rejects.toMatchObject({
    name: 'InvalidLambdaResponseException',
    message: 'Unrecognizable lambda output',
  })
  await expect(signUp('ana', {}, 'Barred')).rejects.toMatchObject({
    name: 'UnexpectedLambdaException',
    message: 'PreSignUp invocation failed due to error AccessDeniedException.',
  })
})

test('what a function is called for is told with its cause, and the pool shows its functions', async () => {
  await signUp('friend-3')
  const history = cloud.events.history()
  const call = history.findLast(one => one.kind === 'call' && one.operation === 'SignUp')
  const invoked = history.filter(one => one.kind === 'invoke' && one.causedBy === call!.id)
  expect(invoked).toHaveLength(2)
  const { UserPool: pool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: out.SecondPool }))
  const arn = expect.stringMatching(/:function:trigger$/)
  expect(pool?.LambdaConfig).toMatchObject({
    PreSignUp: arn,
    PreTokenGenerationConfig: { LambdaArn: arn, LambdaVersion: 'V2_0' },
  })
})
