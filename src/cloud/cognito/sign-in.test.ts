import { afterEach, beforeEach, expect, test } from 'vitest'
import { ALL_FLOWS, claims, PASSWORD, secretHash, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const refused = (call: Promise<unknown>) => expect(call).rejects
const admit = async (UserPoolId: string, Username = 'ana') => {
  await trial.signed('AdminCreateUser', { UserPoolId, Username, MessageAction: 'SUPPRESS' })
  await trial.signed('AdminSetUserPassword', { UserPoolId, Username, Password: PASSWORD, Permanent: true })
}
const initiate = (ClientId: string, AuthFlow: string, AuthParameters: object) =>
  trial.open('InitiateAuth', { ClientId, AuthFlow, AuthParameters })
const signIn = (clientId: string, password = PASSWORD, more = {}) =>
  initiate(clientId, 'USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: password, ...more })
const refresh = (clientId: string, token: string, more = {}) =>
  initiate(clientId, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: token, ...more })
const incorrect = 'NotAuthorizedException: Incorrect username or password.'

test('a right password brings tokens, a wrong one nothing', async () => {
  const { poolId, clientId } = await trial.pool()
  await admit(poolId)
  expect(await signIn(clientId)).toEqual({
    AuthenticationResult: {
      AccessToken: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      ExpiresIn: 3600,
      IdToken: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
      RefreshToken: expect.stringMatching(/^eyJ[\w-]+(\.[\w-]+){4}$/),
      TokenType: 'Bearer',
    },
    ChallengeParameters: {},
  })
  await refused(signIn(clientId, 'wrong')).toThrow(incorrect)
  await refused(initiate(clientId, 'USER_PASSWORD_AUTH', { USERNAME: 'ana' })).toThrow(
    'InvalidParameterException: Missing required parameter PASSWORD',
  )
  await refused(initiate(clientId, 'USER_PASSWORD_AUTH', { USERNAME: 'nobody', PASSWORD })).toThrow(
    'UserNotFoundException: User does not exist.',
  )
})

test('a client that hides who exists says the same of a wrong name', async () => {
  const { poolId, clientId } = await trial.pool({}, { PreventUserExistenceErrors: 'ENABLED' })
  await admit(poolId)
  await refused(initiate(clientId, 'USER_PASSWORD_AUTH', { USERNAME: 'nobody', PASSWORD })).toThrow(incorrect)
})

test('a flow must be allowed to the client', async () => {
  const { poolId, clientId } = await trial.pool({}, { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] })
  await admit(poolId)
  const admin = (AuthFlow: string) =>
    trial.signed('AdminInitiateAuth', {
      UserPoolId: poolId,
      ClientId: clientId,
      AuthFlow,
      AuthParameters: { USERNAME: 'ana', PASSWORD },
    })
  await refused(signIn(clientId)).toThrow(
    'InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client',
  )
  await refused(initiate(clientId, 'USER_SRP_AUTH', { USERNAME: 'ana', SRP_A: 'ff' })).toThrow(
    'InvalidParameterException: USER_SRP_AUTH is not enabled for the client.',
  )
  await refused(admin('ADMIN_USER_PASSWORD_AUTH')).toThrow(
    'InvalidParameterException: Auth flow not enabled for this client',
  )
  await refused(initiate(clientId, 'ADMIN_USER_PASSWORD_AUTH', {})).toThrow(
    'InvalidParameterException: Initiate Auth method not supported.',
  )
})

test('an administrator signs somebody in', async () => {
  const { poolId, clientId } = await trial.pool()
  await admit(poolId)
  const { AuthenticationResult } = await trial.signed('AdminInitiateAuth', {
    UserPoolId: poolId,
    ClientId: clientId,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ana', PASSWORD },
  })
  expect(claims(AuthenticationResult.AccessToken)).toMatchObject({ username: 'ana', client_id: clientId })
})

test('who was given a password must choose one of their own, within a week', async () => {
  const { poolId: UserPoolId, clientId } = await trial.pool({
    Schema: [{ Name: 'name', Required: true, Mutable: true }],
  })
  const create = (Username: string) =>
    trial.signed('AdminCreateUser', {
      UserPoolId,
      Username,
      TemporaryPassword: PASSWORD,
      UserAttributes: [{ Name: 'name', Value: 'Ana' }],
    })
  const { User } = await create('ana')
  expect(User).toMatchObject({ Username: 'ana', UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true })
  const asked = await signIn(clientId)
  expect(asked).toEqual({
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: expect.any(String),
    ChallengeParameters: {
      USER_ID_FOR_SRP: 'ana',
      requiredAttributes: '[]',
      userAttributes: '{"name":"Ana"}',
    },
  })
  const respond = (Session: string, NEW_PASSWORD = 'Another-horse-2', more = {}) =>
    trial.open('RespondToAuthChallenge', {
      ClientId: clientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'ana', NEW_PASSWORD, ...more },
    })
  await refused(respond('of nobody')).toThrow('NotAuthorizedException: Invalid session for the user.')
  await refused(respond(asked.Session, 'Another-horse-2', { USERNAME: 'ben' })).toThrow(
    'NotAuthorizedException: Invalid session for the user.',
  )
  await refused(respond(asked.Session, 'weak')).toThrow('Password does not conform to policy')
  const { AuthenticationResult } = await respond(asked.Session, 'Another-horse-2', {
    'userAttributes.email': 'ana@example.com',
  })
  expect(claims(AuthenticationResult.IdToken)).toMatchObject({
    email: 'ana@example.com',
    email_verified: false,
  })
  await refused(respond(asked.Session)).toThrow(
    'Invalid session for the user, session can only be used once.',
  )
  expect(await signIn(clientId, 'Another-horse-2')).toHaveProperty('AuthenticationResult')

  await create('ben')
  const start = () => initiate(clientId, 'USER_PASSWORD_AUTH', { USERNAME: 'ben', PASSWORD })
  const { Session } = await start()
  trial.clock.advance(3 * MINUTE)
  await refused(respond(Session)).toThrow('Invalid session for the user, session is expired.')
  trial.clock.advance(7 * DAY)
  await refused(start()).toThrow(
    'NotAuthorizedException: Temporary password has expired and must be reset by an administrator.',
  )
})

test('a refresh token brings new tokens of the same sign-in, for as long as the client says', async () => {
  const { poolId, clientId } = await trial.pool({}, { RefreshTokenValidity: 2 })
  await admit(poolId)
  const first = (await signIn(clientId)).AuthenticationResult
  trial.clock.advance(DAY)
  const { AuthenticationResult: second } = await refresh(clientId, first.RefreshToken)
  expect(Object.keys(second).sort()).toEqual(['AccessToken', 'ExpiresIn', 'IdToken', 'TokenType'])
  const [before, after] = [claims(first.AccessToken), claims(second.AccessToken)]
  expect(after).toMatchObject({ auth_time: before.auth_time, origin_jti: before.origin_jti })
  expect([after.iat - before.iat, after.exp - after.iat]).toEqual([86_400, 3600])
  expect(after.jti).not.toBe(before.jti)
  const get = { ClientId: clientId, RefreshToken: first.RefreshToken }
  expect(await trial.open('GetTokensFromRefreshToken', get)).toMatchObject({
    AuthenticationResult: { TokenType: 'Bearer' },
  })
  await refused(refresh(clientId, 'eyJ.a.b.c.d')).toThrow('NotAuthorizedException: Invalid Refresh Token')
  trial.clock.advance(DAY)
  await refused(refresh(clientId, first.RefreshToken)).toThrow(
    'NotAuthorizedException: Refresh Token has expired',
  )
})

test('an access token is good until it expires, and for what it is', async () => {
  const { poolId, clientId } = await trial.pool(
    {},
    { AccessTokenValidity: 5, TokenValidityUnits: { AccessToken: 'minutes' } },
  )
  await admit(poolId)
  const { AccessToken, IdToken, ExpiresIn } = (await signIn(clientId)).AuthenticationResult
  expect(ExpiresIn).toBe(300)
  const who = (token: string) => trial.open('GetUser', { AccessToken: token })
  expect(await who(AccessToken)).toEqual({
    Username: 'ana',
    UserAttributes: [{ Name: 'sub', Value: claims(AccessToken).sub }],
  })
  await refused(who('nonsense')).toThrow('NotAuthorizedException: Invalid Access Token')
  await refused(who(IdToken)).toThrow('NotAuthorizedException: Invalid Access Token')
  const forged = AccessToken.replace(/\.[^.]+$/, '.AAAA')
  await refused(who(forged)).toThrow('NotAuthorizedException: Could not verify signature for Access Token')
  trial.clock.advance(5 * MINUTE)
  await refused(who(AccessToken)).toThrow('NotAuthorizedException: Access Token has expired')
})

test('signing out everywhere ends every session, revoking one token only its own', async () => {
  const { poolId, clientId: ClientId } = await trial.pool()
  await admit(poolId)
  const [one, other] = [await signIn(ClientId), await signIn(ClientId)].map(
    ({ AuthenticationResult }) => AuthenticationResult,
  )
  expect(await trial.open('RevokeToken', { ClientId, Token: one.RefreshToken })).toEqual({})
  const who = ({ AccessToken }: any) => trial.open('GetUser', { AccessToken })
  await refused(refresh(ClientId, one.RefreshToken)).toThrow(
    'NotAuthorizedException: Refresh Token has been revoked',
  )
  await refused(who(one)).toThrow('NotAuthorizedException: Access Token has been revoked')
  await who(other)
  await refused(trial.open('RevokeToken', { ClientId, Token: other.AccessToken })).toThrow(
    'UnsupportedTokenTypeException',
  )
  expect(await trial.open('GlobalSignOut', { AccessToken: other.AccessToken })).toEqual({})
  await refused(who(other)).toThrow('Access Token has been revoked')
  await refused(refresh(ClientId, other.RefreshToken)).toThrow('Refresh Token has been revoked')
})

test('five wrong passwords in a row lock the door for a second, and each further one for twice as long', async () => {
  const { poolId, clientId } = await trial.pool()
  await admit(poolId)
  for (const _ of Array(5)) await refused(signIn(clientId, 'wrong')).toThrow(incorrect)
  await refused(signIn(clientId)).toThrow('NotAuthorizedException: Password attempts exceeded')
  trial.clock.advance(1000)
  await refused(signIn(clientId, 'wrong')).toThrow(incorrect)
  trial.clock.advance(1999)
  await refused(signIn(clientId)).toThrow('Password attempts exceeded')
  trial.clock.advance(1)
  await signIn(clientId)
})

test('a client with a secret sends its hash, and when refreshing that of the name', async () => {
  const { poolId, clientId, secret } = await trial.pool(
    { UsernameAttributes: ['email'] },
    { GenerateSecret: true, ExplicitAuthFlows: ALL_FLOWS },
  )
  await admit(poolId, 'ana@example.com')
  const USERNAME = 'ana@example.com'
  await refused(signIn(clientId, PASSWORD, { USERNAME })).toThrow('SECRET_HASH was not received')
  const SECRET_HASH = secretHash(secret, USERNAME, clientId)
  const { AuthenticationResult } = await signIn(clientId, PASSWORD, { USERNAME, SECRET_HASH })
  const { sub } = claims(AuthenticationResult.AccessToken)
  await refused(refresh(clientId, AuthenticationResult.RefreshToken, { SECRET_HASH })).toThrow(
    `NotAuthorizedException: Unable to verify secret hash for client ${clientId}`,
  )
  await refresh(clientId, AuthenticationResult.RefreshToken, {
    SECRET_HASH: secretHash(secret, sub, clientId),
  })
  const get = { ClientId: clientId, RefreshToken: AuthenticationResult.RefreshToken }
  await trial.open('GetTokensFromRefreshToken', { ...get, ClientSecret: secret })
  await refused(trial.open('GetTokensFromRefreshToken', get)).toThrow('NotAuthorizedException')
})

test('what people do for themselves', async () => {
  const { poolId: UserPoolId, clientId } = await trial.pool({ AutoVerifiedAttributes: ['email'] })
  await admit(UserPoolId)
  const { AccessToken } = (await signIn(clientId)).AuthenticationResult
  const oneself = (name: string, more = {}) => trial.open(name, { AccessToken, ...more })
  const email = { Name: 'email', Value: 'ana@example.com' }
  expect(await oneself('UpdateUserAttributes', { UserAttributes: [email] })).toMatchObject({
    CodeDeliveryDetailsList: [{ AttributeName: 'email' }],
  })
  const { code } = trial.letters(UserPoolId).at(-1)
  await oneself('VerifyUserAttribute', { AttributeName: 'email', Code: code })
  expect((await oneself('GetUser')).UserAttributes).toContainEqual({ Name: 'email_verified', Value: 'true' })
  const change = (PreviousPassword: string) =>
    oneself('ChangePassword', { PreviousPassword, ProposedPassword: 'Another-horse-2' })
  await refused(change('wrong')).toThrow(incorrect)
  expect(await change(PASSWORD)).toEqual({})
  await signIn(clientId, 'Another-horse-2')
  expect(await oneself('DeleteUser')).toBeUndefined()
  await refused(oneself('GetUser')).toThrow('UserNotFoundException: User does not exist.')
})
