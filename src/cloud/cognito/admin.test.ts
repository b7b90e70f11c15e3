import { afterEach, beforeEach, expect, test } from 'vitest'
import { PASSWORD, startTrial, type Trial } from './test-server.ts'

let trial: Trial
let UserPoolId: string
let ClientId: string
beforeEach(async () => {
  trial = await startTrial()
  ;({ poolId: UserPoolId, clientId: ClientId } = await trial.pool())
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const refused = (call: Promise<unknown>) => expect(call).rejects
const admin = (name: string, more: object = {}) => trial.signed(name, { UserPoolId, ...more })
const Username = 'ana'
const signIn = (PASSWORD_ = PASSWORD) =>
  trial.open('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: Username, PASSWORD: PASSWORD_ },
  })
const names = (users: readonly any[]) => users.map(({ Username }) => Username)

test('an administrator lets somebody in, whom the post tells their password', async () => {
  const { User } = await admin('AdminCreateUser', {
    Username,
    UserAttributes: [{ Name: 'email', Value: 'ana@example.com' }],
    DesiredDeliveryMediums: ['EMAIL'],
  })
  const now = trial.clock.now() / 1000
  expect(User).toEqual({
    Username: 'ana',
    Attributes: [
      { Name: 'email', Value: 'ana@example.com' },
      { Name: 'sub', Value: expect.any(String) },
    ],
    Enabled: true,
    UserCreateDate: now,
    UserLastModifiedDate: now,
    UserStatus: 'FORCE_CHANGE_PASSWORD',
  })
  const [letter] = trial.letters(UserPoolId)
  expect(letter).toMatchObject({
    to: 'ana@example.com',
    subject: 'Your temporary password',
    message: `Your username is ana and temporary password is ${letter.code}.`,
  })
  expect(await signIn(letter.code)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
  await refused(admin('AdminCreateUser', { Username })).toThrow(
    'UsernameExistsException: User account already exists',
  )
  await admin('AdminCreateUser', { Username, MessageAction: 'RESEND', DesiredDeliveryMediums: ['EMAIL'] })
  expect(await signIn(trial.letters(UserPoolId)[1].code)).toHaveProperty('ChallengeName')
  await refused(admin('AdminCreateUser', { Username: 'ben', TemporaryPassword: 'weak' })).toThrow(
    'InvalidPasswordException: Password did not conform with password policy: Password not long enough',
  )
  await refused(admin('AdminGetUser', { Username: 'ben' })).toThrow(
    'UserNotFoundException: User does not exist.',
  )
})

test('an administrator confirms, shuts out, lets in again, and removes', async () => {
  await trial.open('SignUp', { ClientId, Username, Password: PASSWORD })
  expect(await admin('AdminConfirmSignUp', { Username })).toEqual({})
  await refused(admin('AdminConfirmSignUp', { Username })).toThrow(
    'NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED',
  )
  const { AccessToken, RefreshToken } = (await signIn()).AuthenticationResult
  expect(await admin('AdminDisableUser', { Username })).toEqual({})
  await refused(signIn()).toThrow('NotAuthorizedException: User is disabled.')
  await refused(trial.open('GetUser', { AccessToken })).toThrow('NotAuthorizedException')
  await admin('AdminEnableUser', { Username })
  await refused(
    trial.open('InitiateAuth', {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN',
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    }),
  ).toThrow('Refresh Token has been revoked')
  const again = (await signIn()).AuthenticationResult.AccessToken
  await admin('AdminUserGlobalSignOut', { Username })
  await refused(trial.open('GetUser', { AccessToken: again })).toThrow('Access Token has been revoked')
  expect(await admin('AdminDeleteUser', { Username })).toBeUndefined()
  await refused(signIn()).toThrow('UserNotFoundException: User does not exist.')
})

test('an administrator sets a password, or has one set anew', async () => {
  await admin('AdminCreateUser', { Username, UserAttributes: [{ Name: 'email', Value: 'ana@example.com' }] })
  await refused(admin('AdminSetUserPassword', { Username, Password: 'weak' })).toThrow(
    'InvalidPasswordException: Password does not conform to policy: Password not long enough',
  )
  await refused(trial.open('ForgotPassword', { ClientId, Username })).toThrow(
    'NotAuthorizedException: User password cannot be reset in the current state.',
  )
  await admin('AdminSetUserPassword', { Username, Password: PASSWORD, Permanent: true })
  expect((await admin('AdminGetUser', { Username })).UserStatus).toBe('CONFIRMED')
  await signIn()
  await refused(admin('AdminCreateUser', { Username, MessageAction: 'RESEND' })).toThrow(
    'UnsupportedUserStateException: Resend not possible. ana status is not FORCE_CHANGE_PASSWORD',
  )
  const UserAttributes = [{ Name: 'email_verified', Value: 'true' }]
  await admin('AdminUpdateUserAttributes', { Username, UserAttributes })
  await admin('AdminResetUserPassword', { Username })
  await refused(signIn()).toThrow('PasswordResetRequiredException: Password reset required for the user')
  const { code } = trial.letters(UserPoolId).at(-1)
  await trial.open('ConfirmForgotPassword', {
    ClientId,
    Username,
    ConfirmationCode: code,
    Password: 'Another-horse-2',
  })
  await signIn('Another-horse-2')
})

test('nobody gets the address of somebody else, or another sub', async () => {
  const { poolId } = await trial.pool({ UsernameAttributes: ['email'] })
  for (const name of ['ana@example.com', 'ben@example.com']) {
    await admin('AdminCreateUser', { UserPoolId: poolId, Username: name })
  }
  const UserAttributes = [{ Name: 'email', Value: 'ana@example.com' }]
  const update = { UserPoolId: poolId, Username: 'ben@example.com', UserAttributes }
  await refused(admin('AdminUpdateUserAttributes', update)).toThrow(
    'AliasExistsException: An account with the given email already exists.',
  )
  const sub = [{ Name: 'sub', Value: 'mine' }]
  await refused(admin('AdminCreateUser', { Username, UserAttributes: sub })).toThrow(
    'InvalidParameterException',
  )
  await admin('AdminCreateUser', { Username })
  await refused(admin('AdminUpdateUserAttributes', { Username, UserAttributes: sub })).toThrow(
    'InvalidParameterException: user.sub: Attribute cannot be updated.',
  )
})

test('users are listed by page and by filter', async () => {
  for (const name of ['ana', 'anton', 'ben']) {
    const UserAttributes = [{ Name: 'given_name', Value: name.toUpperCase() }]
    await admin('AdminCreateUser', { Username: name, UserAttributes, MessageAction: 'SUPPRESS' })
  }
  await admin('AdminDisableUser', { Username: 'ben' })
  const list = async (Filter?: string, more = {}) =>
    names((await admin('ListUsers', { Filter, ...more })).Users)
  expect(await list()).toEqual(['ana', 'anton', 'ben'])
  expect(await list('username ^= "an"')).toEqual(['ana', 'anton'])
  expect(await list('"given_name" = "BEN"')).toEqual(['ben'])
  expect(await list('status = "Enabled"')).toEqual(['ana', 'anton'])
  expect(await list('cognito:user_status = "force_change_password"')).toHaveLength(3)
  await refused(list('custom:tier = "gold"')).toThrow('InvalidParameterException')
  await refused(list('username > "a"')).toThrow('InvalidParameterException: Error while parsing filter.')
  const { Users, PaginationToken } = await admin('ListUsers', { Limit: 2, AttributesToGet: ['given_name'] })
  expect(Users[0].Attributes).toEqual([{ Name: 'given_name', Value: 'ANA' }])
  expect(await list(undefined, { Limit: 2, PaginationToken })).toEqual(['ben'])
})

test('groups come and go, and users with them', async () => {
  const group = { GroupName: 'moderators' }
  const { Group } = await admin('CreateGroup', { ...group, Precedence: 2, Description: 'May delete' })
  expect(Group).toMatchObject({ ...group, UserPoolId, Precedence: 2, Description: 'May delete' })
  await refused(admin('CreateGroup', group)).toThrow(
    'GroupExistsException: A group with the name already exists.',
  )
  await admin('AdminCreateUser', { Username })
  expect(await admin('AdminAddUserToGroup', { ...group, Username })).toBeUndefined()
  await refused(admin('AdminAddUserToGroup', { GroupName: 'none', Username })).toThrow(
    'ResourceNotFoundException: Group not found.',
  )
  expect(names((await admin('ListUsersInGroup', group)).Users)).toEqual(['ana'])
  expect((await admin('AdminListGroupsForUser', { Username })).Groups).toMatchObject([group])
  expect((await admin('UpdateGroup', { ...group, Precedence: 0 })).Group.Precedence).toBe(0)
  expect((await admin('ListGroups')).Groups).toMatchObject([{ ...group, Precedence: 0 }])
  await admin('AdminRemoveUserFromGroup', { ...group, Username })
  expect((await admin('AdminListGroupsForUser', { Username })).Groups).toEqual([])
  await admin('DeleteGroup', group)
  await refused(admin('GetGroup', group)).toThrow('Group not found.')
})

test('pools and clients are described, listed and deleted', async () => {
  const { UserPool } = await admin('DescribeUserPool')
  expect(UserPool).toMatchObject({
    Id: UserPoolId,
    Name: 'People',
    Arn: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${UserPoolId}`,
    MfaConfiguration: 'OFF',
    Policies: { PasswordPolicy: { MinimumLength: 8, RequireSymbols: true } },
  })
  expect(UserPool.SchemaAttributes.map(({ Name }: any) => Name)).toContain('preferred_username')
  const { UserPools } = await trial.signed('ListUserPools', { MaxResults: 60 })
  expect(UserPools).toMatchObject([{ Id: UserPoolId, Name: 'People' }])
  const { UserPoolClients } = await admin('ListUserPoolClients', { MaxResults: 60 })
  expect(UserPoolClients).toEqual([{ ClientId, UserPoolId, ClientName: 'Page' }])
  const { UserPoolClient } = await admin('DescribeUserPoolClient', { ClientId })
  expect(UserPoolClient).toMatchObject({ ClientId, RefreshTokenValidity: 30, EnableTokenRevocation: true })
  expect(ClientId).toMatch(/^[a-z\d]{26}$/)
  await admin('DeleteUserPoolClient', { ClientId })
  await refused(admin('DescribeUserPoolClient', { ClientId })).toThrow(
    `ResourceNotFoundException: User pool client ${ClientId} does not exist.`,
  )
  await admin('DeleteUserPool')
  await refused(admin('DescribeUserPool')).toThrow(
    `ResourceNotFoundException: User pool ${UserPoolId} does not exist.`,
  )
  await refused(trial.signed('CreateUserPool', { PoolName: 'P', MfaConfiguration: 'ON' })).toThrow(
    'InvalidParameterException: MfaConfiguration ON is not supported by the local cloud',
  )
  const client = { ClientName: 'C', AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } }
  const { poolId } = await trial.pool()
  await refused(trial.signed('CreateUserPoolClient', { UserPoolId: poolId, ...client })).toThrow(
    'InvalidParameterException: Invalid range for token validity.',
  )
})
