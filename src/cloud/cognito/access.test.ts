import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOST, PASSWORD, type Refusal, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const json = { 'content-type': 'application/x-amz-json-1.1' }
const target = (name: string) => ({ 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` })

/** What AWS's model marks as callable by anybody, as far as it is here. */
const OPEN = [
  'ChangePassword',
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'DeleteUser',
  'DeleteUserAttributes',
  'ForgotPassword',
  'GetTokensFromRefreshToken',
  'GetUser',
  'GetUserAttributeVerificationCode',
  'GlobalSignOut',
  'InitiateAuth',
  'ResendConfirmationCode',
  'RespondToAuthChallenge',
  'RevokeToken',
  'SignUp',
  'UpdateUserAttributes',
  'VerifyUserAttribute',
]

test('anybody may call what AWS lets anybody call, and nothing else', async () => {
  const { operations } = trial.cognito.service
  expect(
    operations
      .filter(({ unsigned }) => unsigned)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(OPEN)
  for (const { name } of operations) {
    const call = trial.open(name)
    if (OPEN.includes(name)) await expect(call, name).rejects.toThrow('InvalidParameterException: ')
    else {
      await expect(call, name).rejects.toThrow(
        'MissingAuthenticationTokenException: Request is missing Authentication Token',
      )
    }
  }
})

test('everything else needs permission from IAM, for the pool it is about', async () => {
  const { poolId: UserPoolId } = await trial.pool()
  const arn = `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId}`
  const allowed = trial.somebody({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'cognito-idp:AdminCreateUser', Resource: arn }],
  })
  const create = { UserPoolId, Username: 'ana' }
  expect(await trial.signed('AdminCreateUser', create, allowed)).toHaveProperty('User')
  await expect(trial.signed('AdminGetUser', create, allowed)).rejects.toThrow(
    /^AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role\/somebody-0\/session is not authorized to perform: cognito-idp:AdminGetUser on resource: arn:aws:cognito-idp:us-east-1:123456789012:userpool\/us-east-1_\w{9} because no identity-based policy allows the cognito-idp:AdminGetUser action$/,
  )
  await expect(trial.signed('ListUserPools', { MaxResults: 5 }, trial.somebody())).rejects.toThrow(
    /cognito-idp:ListUserPools on resource: \*/,
  )
  const { operations } = trial.cognito.service
  for (const { name, unsigned, access } of operations) {
    const asked = access({ UserPoolId }, {} as any)
    const resource = ['CreateUserPool', 'ListUserPools'].includes(name) ? '*' : arn
    expect(asked, name).toEqual(unsigned ? [] : [{ action: `cognito-idp:${name}`, resource }])
  }
})

test('a signature that nobody knows does not matter where none is needed', async () => {
  const { clientId } = await trial.pool()
  const nobody = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x', sessionToken: 'x' }
  const signUp = { ClientId: clientId, Username: 'ana', Password: PASSWORD }
  expect(await trial.signed('SignUp', signUp, nobody)).toMatchObject({ UserConfirmed: false })
  await expect(trial.signed('ListUserPools', { MaxResults: 5 }, nobody)).rejects.toThrow(
    'UnrecognizedClientException: The security token included in the request is invalid.',
  )
})

test('a page at the door signs somebody up after the browser has asked', async () => {
  const { clientId } = await trial.pool()
  const Origin = { origin: 'http://localhost:3000' }
  for (const host of [HOST, 'localhost:8080']) {
    const asked = await trial.send({
      method: 'OPTIONS',
      headers: {
        host,
        ...Origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'cache-control,content-type,x-amz-target,x-amz-user-agent',
      },
    })
    expect([asked.status, asked.headers]).toMatchObject([
      200,
      {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'cache-control,content-type,x-amz-target,x-amz-user-agent',
        'access-control-max-age': '172800',
      },
    ])
    const Username = host
    const headers = { host, ...Origin, ...json, ...target('SignUp') }
    const body = JSON.stringify({ ClientId: clientId, Username, Password: PASSWORD })
    const done = await trial.send({ headers, body })
    expect([done.status, done.headers['access-control-allow-origin']]).toEqual([200, '*'])
    const again = await trial.send({ headers, body })
    expect(again).toMatchObject({
      status: 400,
      body: { __type: 'UsernameExistsException', message: 'User already exists' },
      headers: {
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
        'x-amzn-errortype': 'UsernameExistsException:',
        'x-amzn-errormessage': 'User already exists',
      },
    })
  }
})

test('a refusal of several lines is told whole in the body, and in one line in the header', async () => {
  const { clientId } = await trial.pool({ Schema: [{ Name: 'name', Required: true, Mutable: true }] })
  const signUp = { ClientId: clientId, Username: 'ana', Password: PASSWORD }
  const { reply } = await trial.open('SignUp', signUp).catch((refusal: Refusal) => refusal)
  expect(reply.body.message).toBe(
    'Attributes did not conform to the schema: name: The attribute is required\n',
  )
  expect(reply.headers['x-amzn-errormessage']).toBe(
    'Attributes did not conform to the schema: name: The attribute is required',
  )
})

test('what is no operation, or no JSON, is refused as by any service', async () => {
  await expect(trial.signed('AdminMakeTea')).rejects.toThrow('UnknownOperationException')
  const headers = { host: HOST, ...json, ...target('SignUp') }
  const { status, body } = await trial.send({ headers, body: '{' })
  expect([status, body]).toEqual([400, { __type: 'com.amazon.coral.service#SerializationException' }])
})
