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
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { type Scene, Unmet } from '#kit'

/** Somebody who has signed in, and the tokens that it gave them. */
export interface SignedIn {
  /** Their name in the pool: `ana-1a2b3c4d`. */
  readonly name: string
  readonly idToken: string
  readonly accessToken: string
}

/** Where people sign in: a pool, and a client of it. */
export interface Entrance {
  readonly poolId: string
  readonly clientId: string
}

/** Accounts that are made for one probe. */
export interface Accounts {
  /** A new user with a password that nobody knows, signed in: by the stack's own client unless another entrance is given. */
  signIn(name: string, entrance?: Entrance): Promise<SignedIn>
  /** Another client of the stack's own pool. */
  anotherClient(): Promise<Entrance>
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
  const remove = async () => {
    for (const removal of removals.reverse()) await removal()
  }

  const accounts: Accounts = {
    signIn: (called, entrance = stacksOwn(scene)) =>
      answeringForThePool(`${called} to be given an account and to sign in`, async () => {
        const user = { UserPoolId: entrance.poolId, Username: `${called}-${scene.nonce()}` }
        const password = newPassword()
        scene.did(`${called} signed in as ${user.Username}`)
        await cognito.send(new AdminCreateUserCommand({ ...user, ...theirMail(user.Username) }))
        removals.push(() => cognito.send(new AdminDeleteUserCommand(user)))
        await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
        const { AuthenticationResult: tokens, ChallengeName } = await cognito.send(
          new InitiateAuthCommand({
            ClientId: entrance.clientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: user.Username, PASSWORD: password },
          }),
        )
        if (tokens) return { name: user.Username, idToken: tokens.IdToken!, accessToken: tokens.AccessToken! }
        throw new Unmet({
          expected: `${called} to be signed in by name and password`,
          observed: `the pool asks for more: ${ChallengeName}`,
        })
      }),
    async anotherClient() {
      const { poolId } = stacksOwn(scene)
      return { poolId, clientId: await addClient(poolId) }
    },
    async anotherPool() {
      const { UserPool } = await cognito.send(
        new CreateUserPoolCommand({ PoolName: `wslab-another-${scene.nonce()}` }),
      )
      const poolId = UserPool!.Id!
      removals.push(() => cognito.send(new DeleteUserPoolCommand({ UserPoolId: poolId })))
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

  async function addClient(poolId: string): Promise<string> {
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId: poolId,
        ClientName: `wslab-another-${scene.nonce()}`,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
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

/** A pool may ask for an address. Nothing is ever sent to this one. */
const theirMail = (username: string) => ({
  MessageAction: 'SUPPRESS' as const,
  UserAttributes: [
    { Name: 'email', Value: `${username}@example.com` },
    { Name: 'email_verified', Value: 'true' },
  ],
})

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
