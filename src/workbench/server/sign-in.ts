import { createHmac, randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Cloud } from '../../cloud/cloud.ts'
import type { Entrance, SignedIn } from '../model/sign-in.ts'
import { Refusal } from './http.ts'

/** Makes test users in the pools of what is up, and signs them in, as the owner of the account would. */
export function openPools(cloud: Cloud) {
  const cognito = new CognitoIdentityProviderClient({
    region: cloud.account.region,
    endpoint: cloud.endpoint,
    credentials: cloud.credentials,
  })

  return {
    /** Every client of every pool. */
    async entrances(): Promise<readonly Entrance[]> {
      const { UserPools = [] } = await cognito.send(new ListUserPoolsCommand({ MaxResults: 60 }))
      const clients = await Promise.all(
        UserPools.map(async ({ Id: poolId = '', Name: pool = '' }) => {
          const asked = new ListUserPoolClientsCommand({ UserPoolId: poolId, MaxResults: 60 })
          const { UserPoolClients = [] } = await cognito.send(asked)
          const { Users = [] } = await cognito.send(new ListUsersCommand({ UserPoolId: poolId }))
          const users = Users.map(({ Username = '' }) => Username)
          return Promise.all(
            UserPoolClients.map(async ({ ClientId: clientId = '', ClientName: client = '' }) => {
              const cannot = whyClosed(await about(poolId, clientId))
              return { poolId, pool, clientId, client, users, ...(cannot && { cannot }) }
            }),
          )
        }),
      )
      return clients.flat()
    },
    /** Gives the user a password that nobody keeps, and signs them in. A user who is not there is made. Throws `Refusal`. */
    async signIn(poolId: string, clientId: string, name: string): Promise<SignedIn> {
      if (name.trim() === '') throw new Refusal('A test user needs a name.', 400)
      const user = { UserPoolId: poolId, Username: name }
      const password = `Aa1!${randomBytes(18).toString('base64url')}`
      try {
        await cognito
          .send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }))
          .catch(error => {
            if (error.name !== 'UsernameExistsException') throw error
          })
        await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
        const { AuthenticationResult: tokens, ChallengeName } = await enter(poolId, clientId, name, password)
        if (!tokens) throw new Refusal(`Cognito asks ${name} for more than a password: ${ChallengeName}.`)
        return { name, idToken: tokens.IdToken ?? '', accessToken: tokens.AccessToken ?? '' }
      } catch (error) {
        if (error instanceof Refusal) throw error
        throw new Refusal(`Cognito did not let ${name} sign in: ${(error as Error).message}`)
      }
    },
    stop: () => cognito.destroy(),
  }

  async function about(UserPoolId: string, ClientId: string): Promise<UserPoolClientType> {
    const asked = new DescribeUserPoolClientCommand({ UserPoolId, ClientId })
    return (await cognito.send(asked)).UserPoolClient ?? {}
  }

  /** By a flow that the client allows: as a server does, else as the page sends the password. */
  async function enter(UserPoolId: string, ClientId: string, USERNAME: string, PASSWORD: string) {
    const client = await about(UserPoolId, ClientId)
    const why = whyClosed(client)
    if (why) throw new Refusal(why)
    const { ClientSecret: secret } = client
    const SECRET_HASH =
      secret &&
      createHmac('sha256', secret)
        .update(USERNAME + ClientId)
        .digest('base64')
    const asked = { ClientId, AuthParameters: { USERNAME, PASSWORD, ...(SECRET_HASH && { SECRET_HASH }) } }
    return allows(client, ADMIN)
      ? cognito.send(
          new AdminInitiateAuthCommand({ ...asked, UserPoolId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' }),
        )
      : cognito.send(new InitiateAuthCommand({ ...asked, AuthFlow: 'USER_PASSWORD_AUTH' }))
  }
}

/** The two flows by which a password alone opens. Cognito still takes their old names. */
const ADMIN = ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']
const USER = ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH']

const allows = ({ ExplicitAuthFlows = [] }: UserPoolClientType, names: readonly string[]): boolean =>
  ExplicitAuthFlows.some(flow => names.includes(flow))

/** Why nobody can be signed in at a client by a password alone; undefined where they can. */
const whyClosed = (client: UserPoolClientType): string | undefined =>
  allows(client, [...ADMIN, ...USER])
    ? undefined
    : 'This app client allows neither ADMIN_USER_PASSWORD_AUTH nor USER_PASSWORD_AUTH, so the workbench cannot sign anybody in. Add one to its authFlows.'
