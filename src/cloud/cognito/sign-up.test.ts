import { afterEach, beforeEach, expect, test } from 'vitest'
import { PASSWORD as Password, secretHash, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const HOUR = 60 * 60 * 1000
const email = { Name: 'email', Value: 'ana@example.com' }
const withEmail = { AutoVerifiedAttributes: ['email'] }
const signUp = (ClientId: string, more: object = {}) =>
  trial.open('SignUp', { ClientId, Username: 'ana', Password, UserAttributes: [email], ...more })
const refused = (call: Promise<unknown>) => expect(call).rejects

test('who signs up is sent a code, and can sign in once they have confirmed it', async () => {
  const { poolId, clientId: ClientId } = await trial.pool(withEmail)
  const made = await signUp(ClientId)
  expect(made).toEqual({
    CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' },
    UserConfirmed: false,
    UserSub: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  })
  const [letter] = trial.letters(poolId)
  expect(letter).toEqual({
    to: 'ana@example.com',
    subject: 'Your verification code',
    message: `Your confirmation code is ${letter.code}`,
    username: 'ana',
    code: expect.stringMatching(/^\d{6}$/),
  })

  const signIn = {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ana', PASSWORD: Password },
  }
  await refused(trial.open('InitiateAuth', signIn)).toThrow(
    'UserNotConfirmedException: User is not confirmed.',
  )
  const confirm = { ClientId, Username: 'ana', ConfirmationCode: letter.code }
  expect(await trial.open('ConfirmSignUp', confirm)).toEqual({})
  expect(await trial.open('InitiateAuth', signIn)).toMatchObject({
    AuthenticationResult: { TokenType: 'Bearer' },
  })
  expect(await trial.signed('AdminGetUser', { UserPoolId: poolId, Username: 'ana' })).toMatchObject({
    UserStatus: 'CONFIRMED',
    UserAttributes: [email, { Name: 'email_verified', Value: 'true' }, { Name: 'sub', Value: made.UserSub }],
  })
  await refused(trial.open('ConfirmSignUp', confirm)).toThrow(
    'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED',
  )
  await refused(trial.open('ResendConfirmationCode', { ClientId, Username: 'ana' })).toThrow(
    'InvalidParameterException: User is already confirmed.',
  )
})

test('a code must be the last that was sent, and is good for a day', async () => {
  const { poolId, clientId: ClientId } = await trial.pool(withEmail)
  await signUp(ClientId)
  const confirm = (ConfirmationCode: string) =>
    trial.open('ConfirmSignUp', { ClientId, Username: 'ana', ConfirmationCode })
  const other = (code: string) => (code === '000000' ? '000001' : '000000')
  const mismatch = 'CodeMismatchException: Invalid verification code provided, please try again.'
  const expired = 'ExpiredCodeException: Invalid code provided, please request a code again.'
  await refused(confirm(other(trial.letters(poolId)[0].code))).toThrow(mismatch)
  trial.clock.advance(24 * HOUR)
  await refused(confirm(trial.letters(poolId)[0].code)).toThrow(expired)
  expect(await trial.open('ResendConfirmationCode', { ClientId, Username: 'ana' })).toMatchObject({
    CodeDeliveryDetails: { Destination: 'a***@e***' },
  })
  await confirm(trial.letters(poolId)[1].code)
})

test('a name is taken once, in this case or in any', async () => {
  const exact = await trial.pool()
  await signUp(exact.clientId)
  await refused(signUp(exact.clientId)).toThrow('UsernameExistsException: User already exists')
  await signUp(exact.clientId, { Username: 'Ana' })

  const any = await trial.pool({ UsernameConfiguration: { CaseSensitive: false } })
  await signUp(any.clientId)
  await refused(signUp(any.clientId, { Username: 'Ana' })).toThrow('User already exists')
})

test('in a pool of addresses the address signs in, and the name is the sub', async () => {
  const { poolId, clientId } = await trial.pool({ UsernameAttributes: ['email'], ...withEmail })
  await refused(signUp(clientId)).toThrow('InvalidParameterException: Username should be an email.')
  const { UserSub } = await signUp(clientId, { Username: 'ana@example.com', UserAttributes: [] })
  expect(trial.letters(poolId)[0]).toMatchObject({ to: 'ana@example.com', username: UserSub })
  await refused(signUp(clientId, { Username: 'ana@example.com' })).toThrow(
    'UsernameExistsException: An account with the given email already exists.',
  )
  const { Users } = await trial.signed('ListUsers', {
    UserPoolId: poolId,
    Filter: 'email = "ana@example.com"',
  })
  expect(Users).toMatchObject([{ Username: UserSub, UserStatus: 'UNCONFIRMED', Enabled: true }])
})

test('an alias signs in once it has been verified, and only one user has it', async () => {
  const { poolId, clientId: ClientId } = await trial.pool({ AliasAttributes: ['email'], ...withEmail })
  await refused(signUp(ClientId, { Username: 'ana@example.com' })).toThrow(
    'Username cannot be of email format, since user pool is configured for email alias.',
  )
  for (const Username of ['ana', 'ben']) await signUp(ClientId, { Username })
  const confirm = (Username: string, more = {}) => {
    const ConfirmationCode = trial.letters(poolId).find(({ username }) => username === Username).code
    return trial.open('ConfirmSignUp', { ClientId, Username, ConfirmationCode, ...more })
  }
  const owner = async () =>
    (await trial.signed('AdminGetUser', { UserPoolId: poolId, Username: 'ana@example.com' })).Username
  await refused(owner()).toThrow('UserNotFoundException: User does not exist.')
  await confirm('ana')
  expect(await owner()).toBe('ana')
  await refused(confirm('ben')).toThrow('AliasExistsException: An account with the email already exists.')
})

test('a password must be what the policy asks for', async () => {
  const { clientId } = await trial.pool({ Policies: { PasswordPolicy: { MinimumLength: 10 } } })
  const short = signUp(clientId, { Password: 'too-short' })
  await refused(short).toThrow(
    'InvalidPasswordException: Password did not conform with policy: Password not long enough',
  )
  await signUp(clientId, { Password: 'long-enough' })
  const strict = await trial.pool()
  for (const [password, problem] of [
    ['Short-1', 'Password not long enough'],
    ['lower-case-1', 'Password must have uppercase characters'],
    ['UPPER-CASE-1', 'Password must have lowercase characters'],
    ['No-numbers', 'Password must have numeric characters'],
    ['NoSymbols1', 'Password must have symbol characters'],
  ]) {
    await refused(signUp(strict.clientId, { Password: password })).toThrow(problem!)
  }
})

test('attributes must be in the schema, and those required must be there', async () => {
  const { clientId } = await trial.pool({
    Schema: [
      { Name: 'name', Required: true, Mutable: true },
      {
        Name: 'tier',
        AttributeDataType: 'Number',
        Mutable: true,
        NumberAttributeConstraints: { MaxValue: '3' },
      },
    ],
  })
  const schema = 'InvalidParameterException: Attributes did not conform to the schema: '
  await refused(signUp(clientId)).toThrow(`${schema}name: The attribute is required\n`)
  const name = { Name: 'name', Value: 'Ana' }
  const sign = (...UserAttributes: object[]) =>
    signUp(clientId, { UserAttributes: [name, ...UserAttributes] })
  await refused(sign({ Name: 'custom:club', Value: 'x' })).toThrow(
    `${schema}custom:club: Attribute does not exist in the schema.\n`,
  )
  await refused(sign({ Name: 'custom:tier', Value: '4' })).toThrow('custom:tier: ')
  await refused(sign({ Name: 'email', Value: 'nobody' })).toThrow('Invalid email address format.')
  await refused(sign({ Name: 'email_verified', Value: 'true' })).toThrow(
    'NotAuthorizedException: A client attempted to write unauthorized attribute',
  )
  await sign({ Name: 'custom:tier', Value: '3' })
})

test('a pool may leave it to administrators to let people in', async () => {
  const { clientId } = await trial.pool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } })
  await refused(signUp(clientId)).toThrow(
    'NotAuthorizedException: SignUp is not permitted for this user pool',
  )
})

test('a client with a secret proves that it knows it', async () => {
  const { clientId, secret } = await trial.pool({}, { GenerateSecret: true })
  await refused(signUp(clientId)).toThrow(
    `NotAuthorizedException: Client ${clientId} is configured with secret but SECRET_HASH was not received`,
  )
  await refused(signUp(clientId, { SecretHash: secretHash(secret, 'ben', clientId) })).toThrow(
    `NotAuthorizedException: Unable to verify secret hash for client ${clientId}`,
  )
  await signUp(clientId, { SecretHash: secretHash(secret, 'ana', clientId) })
})

test('a forgotten password is set anew with a code that goes to a verified address', async () => {
  const { poolId, clientId: ClientId } = await trial.pool(withEmail)
  await signUp(ClientId)
  const forgot = () => trial.open('ForgotPassword', { ClientId, Username: 'ana' })
  await refused(forgot()).toThrow(
    'InvalidParameterException: Cannot reset password for the user as there is no registered/verified email or phone_number',
  )
  const [{ code }] = trial.letters(poolId)
  await trial.open('ConfirmSignUp', { ClientId, Username: 'ana', ConfirmationCode: code })
  expect(await forgot()).toMatchObject({ CodeDeliveryDetails: { Destination: 'a***@e***' } })
  const confirm = (ConfirmationCode: string, newPassword = 'Another-horse-2') =>
    trial.open('ConfirmForgotPassword', {
      ClientId,
      Username: 'ana',
      ConfirmationCode,
      Password: newPassword,
    })
  const sent = () => trial.letters(poolId).at(-1).code
  await refused(confirm(sent(), 'weak')).toThrow(
    'InvalidPasswordException: Password does not conform to policy: Password not long enough',
  )
  trial.clock.advance(HOUR)
  await refused(confirm(sent())).toThrow('ExpiredCodeException')
  await forgot()
  expect(await confirm(sent())).toEqual({})
  const AuthParameters = { USERNAME: 'ana', PASSWORD: 'Another-horse-2' }
  await trial.open('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
})

test('whether somebody exists is told, or not, as the client is set up', async () => {
  const telling = await trial.pool()
  const hiding = await trial.pool({}, { PreventUserExistenceErrors: 'ENABLED' })
  const ask = (name: string, { clientId: ClientId }: { clientId: string }, more = {}) =>
    trial.open(name, { ClientId, Username: 'nobody', ...more })
  const unknown = 'UserNotFoundException: Username/client id combination not found.'
  for (const [name, more] of [
    ['ConfirmSignUp', { ConfirmationCode: '123456' }],
    ['ResendConfirmationCode', {}],
    ['ForgotPassword', {}],
    ['ConfirmForgotPassword', { ConfirmationCode: '123456', Password }],
  ] as const) {
    await refused(ask(name, telling, more)).toThrow(unknown)
  }
  await refused(ask('ConfirmSignUp', hiding, { ConfirmationCode: '123456' })).toThrow('ExpiredCodeException')
  const details = { CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } }
  expect(await ask('ResendConfirmationCode', hiding)).toMatchObject(details)
  expect(await ask('ForgotPassword', hiding)).toMatchObject(details)
  const confirm = ask('ConfirmForgotPassword', hiding, { ConfirmationCode: '123456', Password })
  await refused(confirm).toThrow('CodeMismatchException')
})

test('what an input lacks is said in the words of the model', async () => {
  const { clientId } = await trial.pool()
  await refused(trial.open('SignUp', { ClientId: clientId })).toThrow(
    "InvalidParameterException: 2 validation errors detected: Value at 'password' failed to satisfy constraint: Member must not be null; Value at 'username' failed to satisfy constraint: Member must not be null",
  )
  await refused(signUp('nobodysclient')).toThrow(
    'ResourceNotFoundException: User pool client nobodysclient does not exist.',
  )
  for (const wrong of [
    { Username: 7 },
    { UserAttributes: {} },
    { UserAttributes: [{ Name: 'email', Value: 7 }] },
  ]) {
    await refused(signUp(clientId, wrong)).toThrow('SerializationException')
  }
  const AuthParameters = { USERNAME: 'ana', PASSWORD: 7 }
  const signIn = { ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }
  await refused(trial.open('InitiateAuth', signIn)).toThrow('SerializationException')
  await refused(trial.pool({ Policies: { PasswordPolicy: { MinimumLength: 5 } } })).toThrow(
    "InvalidParameterException: 1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6",
  )
})
