import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claims, PASSWORD, secretHash, startTrial, type Trial } from './test-server.ts'

let trial: Trial
beforeEach(async () => {
  trial = await startTrial()
})
afterEach(async () => {
  await trial.stop()
  expect(trial.faults).toEqual([])
})

const refused = (call: Promise<unknown>) => expect(call).rejects
const admit = async (UserPoolId: string, Username = 'ana') => {
  await trial.signed('AdminCreateUser', { UserPoolId, Username, MessageAction: 'SUPPRESS' })
  await trial.signed('AdminSetUserPassword', { UserPoolId, Username, Password: PASSWORD, Permanent: true })
}

/** A client's half of SRP-6a, from RFC 5054 and what amazon-cognito-identity-js does: nothing of it is the server's code. */
function srpClient(poolId: string) {
  const group = getDiffieHellman('modp15')
  const n = BigInt(`0x${group.getPrime('hex')}`)
  const g = 2n
  const pow = (base: bigint, exponent: bigint): bigint =>
    exponent === 0n
      ? 1n
      : ((half: bigint) => (half * half * (exponent % 2n ? base : 1n)) % n)(pow(base % n, exponent / 2n))
  const pad = (number: bigint) => {
    const hex = number.toString(16)
    const even = hex.length % 2 ? `0${hex}` : hex
    return Buffer.from('89abcdef'.includes(even[0]!) ? `00${even}` : even, 'hex')
  }
  const hash = (...parts: (Buffer | string)[]) =>
    parts.reduce((so, part) => so.update(part), createHash('sha256')).digest()
  const number = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`)
  const a = number(randomBytes(128))
  const publicKey = pow(g, a)

  return {
    SRP_A: publicKey.toString(16),
    answer(asked: Readonly<Record<string, string>>, password: string) {
      const { SALT = '', SRP_B = '', SECRET_BLOCK = '', USER_ID_FOR_SRP = '' } = asked
      const pool = poolId.split('_')[1]!
      const b = BigInt(`0x${SRP_B}`)
      const u = number(hash(pad(publicKey), pad(b)))
      const inner = hash(`${pool}${USER_ID_FOR_SRP}:${password}`)
      const x = number(hash(pad(BigInt(`0x${SALT}`)), inner))
      const k = number(hash(pad(n), pad(g)))
      const s = pow((((b - k * pow(g, x)) % n) + n) % n, a + u * x)
      const key = Buffer.from(hkdfSync('sha256', pad(s), pad(u), 'Caldera Derived Key', 16))
      const TIMESTAMP = 'Sat Nov 21 13:25:50 UTC 2026'
      const signed = [pool, USER_ID_FOR_SRP, Buffer.from(SECRET_BLOCK, 'base64'), TIMESTAMP]
      return {
        USERNAME: USER_ID_FOR_SRP,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: signed
          .reduce((so, part) => so.update(part), createHmac('sha256', key))
          .digest('base64'),
        TIMESTAMP,
      }
    },
  }
}

const start = (ClientId: string, SRP_A: string, more = {}) =>
  trial.open('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: 'ana', SRP_A, ...more },
  })
const respond = (ClientId: string, ChallengeResponses: object) =>
  trial.open('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses,
  })
const signIn = async (
  { poolId, clientId }: { poolId: string; clientId: string },
  password = PASSWORD,
  more = {},
) => {
  const client = srpClient(poolId)
  const { ChallengeParameters } = await start(clientId, client.SRP_A, more)
  return respond(clientId, { ...client.answer(ChallengeParameters, password), ...more })
}

test('who knows the password proves it without sending it', async () => {
  const at = await trial.pool()
  await admit(at.poolId)
  const client = srpClient(at.poolId)
  const asked = await start(at.clientId, client.SRP_A)
  expect(asked).toEqual({
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: expect.stringMatching(/^[\da-f]{25,32}$/),
      SECRET_BLOCK: expect.stringMatching(/^[\w+/]+=*$/),
      SRP_B: expect.stringMatching(/^[\da-f]{700,768}$/),
      USERNAME: 'ana',
      USER_ID_FOR_SRP: 'ana',
    },
  })
  const responses = client.answer(asked.ChallengeParameters, PASSWORD)
  const { AuthenticationResult } = await respond(at.clientId, responses)
  expect(claims(AuthenticationResult.AccessToken)).toMatchObject({ username: 'ana', token_use: 'access' })
  await refused(respond(at.clientId, responses)).toThrow('session can only be used once')
})

test('numbers of any length come out the same on both sides', async () => {
  const at = await trial.pool()
  await admit(at.poolId)
  // A leading zero, a first bit that is set: each is written in a way of its own, and one in four exchanges has one.
  for (const _ of Array(12)) expect(await signIn(at)).toHaveProperty('AuthenticationResult')
})

test('who does not know the password proves nothing', async () => {
  const at = await trial.pool()
  await admit(at.poolId)
  const incorrect = 'NotAuthorizedException: Incorrect username or password.'
  await refused(signIn(at, 'wrong')).toThrow(incorrect)
  for (const SRP_A of ['0', 'not a number', getDiffieHellman('modp15').getPrime('hex')]) {
    await refused(start(at.clientId, SRP_A)).toThrow('InvalidParameterException')
  }
  const client = srpClient(at.poolId)
  const { ChallengeParameters } = await start(at.clientId, client.SRP_A)
  const { TIMESTAMP, ...responses } = client.answer(ChallengeParameters, PASSWORD)
  await refused(respond(at.clientId, responses)).toThrow('Missing required parameter TIMESTAMP')
  await refused(respond(at.clientId, { ...responses, TIMESTAMP: 'another' })).toThrow(incorrect)
})

test('in a pool of addresses the name to prove with is the one that Cognito tells', async () => {
  const at = await trial.pool(
    { UsernameAttributes: ['email'] },
    { GenerateSecret: true, PreventUserExistenceErrors: 'ENABLED' },
  )
  await admit(at.poolId, 'ana@example.com')
  const client = srpClient(at.poolId)
  const hashed = (name: string) => ({ SECRET_HASH: secretHash(at.secret, name, at.clientId) })
  const begin = (name: string) => start(at.clientId, client.SRP_A, { USERNAME: name, ...hashed(name) })
  const { ChallengeParameters } = await begin('ana@example.com')
  const name = ChallengeParameters.USER_ID_FOR_SRP
  expect(name).toMatch(/^[\da-f-]{36}$/)
  const responses = client.answer(ChallengeParameters, PASSWORD)
  await respond(at.clientId, { ...responses, ...hashed(name) })

  const nobody = [await begin('nobody@example.com'), await begin('nobody@example.com')].map(
    one => one.ChallengeParameters,
  )
  expect(nobody[0].SALT).toBe(nobody[1].SALT)
  expect(nobody[0].USER_ID_FOR_SRP).toMatch(/^[\da-f-]{36}$/)
  const made = client.answer(nobody[0], PASSWORD)
  await refused(respond(at.clientId, { ...made, ...hashed(made.USERNAME) })).toThrow(
    'NotAuthorizedException: Incorrect username or password.',
  )
})

test('a temporary password that was proved leads on to a new one', async () => {
  const at = await trial.pool()
  await trial.signed('AdminCreateUser', {
    UserPoolId: at.poolId,
    Username: 'ana',
    TemporaryPassword: PASSWORD,
  })
  const asked = await signIn(at)
  expect(asked).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: expect.any(String) })
  await trial.open('RespondToAuthChallenge', {
    ClientId: at.clientId,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: asked.Session,
    ChallengeResponses: { USERNAME: 'ana', NEW_PASSWORD: 'Another-horse-2' },
  })
  expect(await signIn(at, 'Another-horse-2')).toHaveProperty('AuthenticationResult')
})
