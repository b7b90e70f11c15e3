import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claims, HOST, PASSWORD, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
const wellKnown = (poolId: string, file: string, host = HOST) =>
  trial.send({ method: 'GET', path: `/${poolId}/.well-known/${file}`, headers: { host } })
const signIn = async (ClientId: string) =>
  (
    await trial.open('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ana', PASSWORD },
    })
  ).AuthenticationResult
const admit = async (UserPoolId: string, UserAttributes: object[] = []) => {
  await trial.signed('AdminCreateUser', {
    UserPoolId,
    Username: 'ana',
    UserAttributes,
    MessageAction: 'SUPPRESS',
  })
  await trial.signed('AdminSetUserPassword', {
    UserPoolId,
    Username: 'ana',
    Password: PASSWORD,
    Permanent: true,
  })
}

/** As a verifier does it that knows nothing but the token and the issuer's address. */
async function isVerified(token: string): Promise<boolean> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const issuer = new URL(claims(token).iss)
  expect([alg, issuer.host]).toEqual(['RS256', HOST])
  const { body } = await wellKnown(issuer.pathname.slice(1), 'jwks.json')
  const key = body.keys.find((one: JsonWebKey) => one.kid === kid)
  return createVerify('RSA-SHA256')
    .update(`${header}.${payload}`)
    .verify(createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'))
}

test('tokens claim what Cognito claims, and are signed with two keys of 2048 bits', async () => {
  const { poolId, clientId } = await trial.pool({
    Schema: [{ Name: 'tier', AttributeDataType: 'String', Mutable: true }],
  })
  expect(poolId).toMatch(/^(\w+-)*\w+-\w+-\d+_\w{9}$/)
  await admit(poolId, [
    { Name: 'email', Value: 'ana@example.com' },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'custom:tier', Value: 'gold' },
  ])
  for (const [GroupName, Precedence] of [
    ['speakers', 5],
    ['moderators', 1],
  ]) {
    await trial.signed('CreateGroup', { UserPoolId: poolId, GroupName, Precedence })
    await trial.signed('AdminAddUserToGroup', { UserPoolId: poolId, GroupName, Username: 'ana' })
  }
  const { AccessToken, IdToken } = await signIn(clientId)
  const [id, access] = [claims(IdToken), claims(AccessToken)]
  const now = Math.floor(trial.clock.now() / 1000)
  const common = {
    sub: uuid,
    'cognito:groups': ['moderators', 'speakers'],
    iss: `https://${HOST}/${poolId}`,
    origin_jti: uuid,
    event_id: uuid,
    auth_time: now,
    iat: now,
    exp: now + 3600,
    jti: uuid,
  }
  expect(id).toEqual({
    ...common,
    'cognito:username': 'ana',
    aud: clientId,
    token_use: 'id',
    email: 'ana@example.com',
    email_verified: true,
    'custom:tier': 'gold',
  })
  expect(access).toEqual({
    ...common,
    client_id: clientId,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    username: 'ana',
  })
  expect([id.sub, id.origin_jti, id.event_id]).toEqual([access.sub, access.origin_jti, access.event_id])
  expect(await isVerified(IdToken)).toBe(true)
  expect(await isVerified(AccessToken)).toBe(true)
  const { body, headers } = await wellKnown(poolId, 'jwks.json')
  expect(headers['content-type']).toBe('application/json')
  expect(body.keys).toHaveLength(2)
  for (const key of body.keys) {
    expect(key).toEqual({
      alg: 'RS256',
      e: 'AQAB',
      kid: expect.stringMatching(/^[\w+/]{43}=$/),
      kty: 'RSA',
      n: expect.stringMatching(/^[\w-]{342}$/),
      use: 'sig',
    })
  }
})

test('a pool tells about itself to anybody, at its issuer and at the door', async () => {
  const { poolId } = await trial.pool()
  for (const host of [HOST, '127.0.0.1:8080', 'localhost:8080']) {
    const { status, body } = await wellKnown(poolId, 'openid-configuration', host)
    expect([status, body.issuer, body.jwks_uri]).toEqual([
      200,
      `https://${HOST}/${poolId}`,
      `https://${HOST}/${poolId}/.well-known/jwks.json`,
    ])
  }
  expect(await wellKnown('us-east-1_nobodysXX', 'jwks.json')).toMatchObject({
    status: 400,
    body: { message: 'User pool us-east-1_nobodysXX does not exist.' },
  })
})

test('a client is shown and may change only the attributes it was given', async () => {
  const { poolId, clientId } = await trial.pool(
    {},
    { ReadAttributes: ['nickname'], WriteAttributes: ['nickname'], EnableTokenRevocation: false },
  )
  await admit(poolId, [
    { Name: 'email', Value: 'ana@example.com' },
    { Name: 'nickname', Value: 'A.' },
  ])
  const { AccessToken, IdToken } = await signIn(clientId)
  const shown = claims(IdToken)
  expect([shown.nickname, shown.email, shown.origin_jti, shown.jti]).toEqual(['A.', ...Array(3)])
  const { UserAttributes } = await trial.open('GetUser', { AccessToken })
  expect(UserAttributes.map(({ Name }: any) => Name)).toEqual(['nickname', 'sub'])
  const update = (Name: string) =>
    trial.open('UpdateUserAttributes', { AccessToken, UserAttributes: [{ Name, Value: 'x@example.com' }] })
  await update('nickname')
  await expect(update('email')).rejects.toThrow('A client attempted to write unauthorized attribute')
})

test('a sign-in that is dated an hour ago gives a token that has expired', async () => {
  const { poolId, clientId } = await trial.pool()
  await admit(poolId)
  const anHourAgo = trial.clock.now() - 3600_000
  const who = { userPoolId: poolId, clientId, username: 'ana' }
  const { AccessToken } = await trial.cognito.signInAt(anHourAgo, who)
  expect(await isVerified(AccessToken)).toBe(true)
  expect(claims(AccessToken).exp).toBe(Math.floor(anHourAgo / 1000) + 3600)
  await expect(trial.open('GetUser', { AccessToken })).rejects.toThrow('Access Token has expired')
})
