import { randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider'
import { named, type Scene, Unmet } from '#kit'
import { claimsOf } from '../tokens/jwt.ts'

/** The flow of a client by which a name and a password are enough. */
const BY_PASSWORD = 'ALLOW_USER_PASSWORD_AUTH'

/** Somebody who has signed in, and the tokens that it gave them. */
export interface SignedIn {
  /** What the report calls them: `ana`. */
  readonly called: string
  /** Their name in the pool, which is awkward: `Zoë1a2b3c4d`. */
  readonly name: string
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** How somebody signs in. */
export interface SignInOptions {
  /** The stack's own pool and client unless given. */
  readonly at?: Entrance
  /** Their name in the pool; a fresh one unless given. */
  readonly name?: string
  /** The name of somebody else, which stands in every other attribute that the pool has. */
  readonly claims?: string
}

/** Where people sign in: a pool, and a client of it. */
export interface Entrance {
  readonly poolId: string
  readonly clientId: string
}

/** Accounts that are made for one probe. */
export interface Accounts {
  /** Makes a new user with a password that nobody knows, and signs them in. */
  signIn(called: string, options?: SignInOptions): Promise<SignedIn>
  /** A fresh name for a user. Names are awkward in turn: with umlauts, in capitals, 40 characters long. */
  newName(): string
  /** Another client of the stack's own pool. */
  anotherClient(): Promise<Entrance>
  /** The clients of the stack's own pool that the stack has made for something else, and that people can sign in by. */
  othersOfTheStack(): Promise<Entrance[]>
  /** Another pool, with a client. */
  anotherPool(): Promise<Entrance>
}

/** Makes accounts for a probe, and removes them afterwards, whatever came of it. */
export async function withAccounts(
  scene: Scene,
  probe: (accounts: Accounts) => Promise<void>,
): Promise<void> {
  const cognito = scene.aws(CognitoIdentityProviderClient)
  const removals: (() => Promise<unknown>)[] = []
  // A pool can only be deleted after what is in it.
  const poolRemovals: (() => Promise<unknown>)[] = []
  const remove = async () => {
    await Promise.all(removals.map(removal => removal()))
    await Promise.all(poolRemovals.map(removal => removal()))
  }
  const names = freshNames()

  const accounts: Accounts = {
    newName: () => names.next().value,
    signIn: (called, { at = stacksOwn(scene), name = names.next().value, claims } = {}) =>
      answeringForThePool(`${called} to be given an account and to sign in`, async () => {
        const user = { UserPoolId: at.poolId, Username: name }
        const password = newPassword()
        scene.did(`${called} signed in as ${name}`)
        await create(user, claims)
        removals.push(() => cognito.send(new AdminDeleteUserCommand(user)))
        await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
        const { AuthenticationResult: tokens, ChallengeName } = await cognito.send(
          new InitiateAuthCommand({
            ClientId: at.clientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: user.Username, PASSWORD: password },
          }),
        )
        if (tokens) {
          const { IdToken = '', AccessToken = '', RefreshToken = '' } = tokens
          return {
            called,
            // A pool that does not tell capitals from small letters may say it otherwise.
            name: claimsOf(IdToken)['cognito:username'],
            idToken: IdToken,
            accessToken: AccessToken,
            refreshToken: RefreshToken,
          }
        }
        throw new Unmet({
          expected: `${called} to be signed in by name and password`,
          observed: `the pool asks for more: ${ChallengeName}`,
        })
      }),
    async anotherClient() {
      const { poolId } = stacksOwn(scene)
      return { poolId, clientId: await addClient(poolId) }
    },
    async othersOfTheStack() {
      const { poolId, clientId } = stacksOwn(scene)
      const ids = scene.resources('AWS::Cognito::UserPoolClient').map(({ physicalId }) => physicalId)
      const clients = await Promise.all(
        ids
          .filter(id => id !== clientId)
          .map(ClientId =>
            cognito
              .send(new DescribeUserPoolClientCommand({ UserPoolId: poolId, ClientId }))
              .then(({ UserPoolClient }) => UserPoolClient, ofAnotherPool),
          ),
      )
      return clients.flatMap(client =>
        client?.ClientId && !client.ClientSecret && client.ExplicitAuthFlows?.includes(BY_PASSWORD)
          ? [{ poolId, clientId: client.ClientId }]
          : [],
      )
    },
    async anotherPool() {
      const { UserPool } = await cognito.send(
        new CreateUserPoolCommand({ PoolName: `wslab-another-${scene.nonce()}` }),
      )
      const poolId = UserPool!.Id!
      poolRemovals.push(() => cognito.send(new DeleteUserPoolCommand({ UserPoolId: poolId })))
      return { poolId, clientId: await addClient(poolId) }
    },
  }

  try {
    await probe(accounts)
  } catch (error) {
    // Why the probe ended is worth more than why something could not be removed.
    await remove().catch(() => {})
    throw error
  }
  await remove()

  /** A client of another pool is known to that pool only. */
  function ofAnotherPool(error: Error): undefined {
    if (!(error instanceof ResourceNotFoundException)) throw error
  }

  async function create(user: { UserPoolId: string; Username: string }, claims?: string): Promise<void> {
    const make = (attributes: readonly Attribute[]) =>
      cognito.send(
        new AdminCreateUserCommand({
          ...user,
          MessageAction: 'SUPPRESS',
          UserAttributes: [...theirMail(scene, claims), ...attributes],
        }),
      )
    if (claims === undefined) {
      await make([])
      return
    }
    const attributes = await attributesThatClaim(cognito, user.UserPoolId, claims)
    await make(attributes)
  }

  async function addClient(poolId: string): Promise<string> {
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId: poolId,
        ClientName: `wslab-another-${scene.nonce()}`,
        ExplicitAuthFlows: [BY_PASSWORD, 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    )
    const clientId = UserPoolClient!.ClientId!
    removals.push(() =>
      cognito.send(new DeleteUserPoolClientCommand({ UserPoolId: poolId, ClientId: clientId })),
    )
    return clientId
  }
}

const stacksOwn = ({ output }: Scene): Entrance => ({
  poolId: output('UserPoolId'),
  clientId: output('UserPoolClientId'),
})

/** Names of the kinds that people have: no two alike. The kinds that look like an address are not among them: a pool may refuse those. */
function* freshNames(): Generator<string, never> {
  for (;;) yield* named(5)
}

interface Attribute {
  readonly Name: string
  readonly Value: string
}

/** Attributes that a pool keeps for itself, or that are not free text. */
const NOT_FREE: readonly string[] = ['sub', 'email', 'phone_number', 'birthdate', 'address']

/** Every attribute of a pool that may hold any text, the pool's own ones included, with the name of somebody else in it. */
async function attributesThatClaim(
  cognito: CognitoIdentityProviderClient,
  poolId: string,
  name: string,
): Promise<Attribute[]> {
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId: poolId }))
  return (UserPool?.SchemaAttributes ?? [])
    .filter(
      ({ Name = '', AttributeDataType, DeveloperOnlyAttribute, StringAttributeConstraints: limits }) =>
        AttributeDataType === 'String' &&
        !DeveloperOnlyAttribute &&
        !NOT_FREE.includes(Name) &&
        // An alias is unique: nobody may claim the name of somebody else by it.
        !(UserPool?.AliasAttributes as readonly string[] | undefined)?.includes(Name) &&
        name.length >= Number(limits?.MinLength ?? 0) &&
        name.length <= Number(limits?.MaxLength ?? 2048),
    )
    .map(({ Name = '' }) => ({ Name, Value: name }))
}

/** A pool may ask for an address. Nothing is ever sent to this one. It has the name of somebody else in it, where one can stand there. */
function theirMail(scene: Scene, claims = ''): Attribute[] {
  const local = /^[\w.+-]+$/.test(claims) ? claims : scene.nonce()
  return [
    { Name: 'email', Value: `${local}@example.com` },
    { Name: 'email_verified', Value: 'true' },
  ]
}

/** Long, and with every kind of character that a pool may ask for. */
const newPassword = () => `${randomBytes(18).toString('base64url')}aA1!`

/** What Cognito says when it is the pool or the client that does not fit. */
const POOLS_FAULT: readonly string[] = [
  'InvalidParameterException',
  'InvalidPasswordException',
  'NotAuthorizedException',
  'ResourceNotFoundException',
  'UnexpectedLambdaException',
  'UserLambdaValidationException',
]

/** The pool and its client belong to the stack: what they refuse must be fixed in the stack. */
async function answeringForThePool<T>(expected: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const { name, message } = error as Error
    if (!POOLS_FAULT.includes(name)) throw error
    throw new Unmet({ expected, observed: `Cognito answered ${name}: ${message}` })
  }
}
