import { randomBytes } from 'node:crypto'
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Cloud } from '../../cloud/cloud.ts'
import { Refusal } from './http.ts'

/** A user pool client at which test users can sign in. */
export interface Entrance {
  readonly poolId: string
  readonly pool: string
  readonly clientId: string
  readonly client: string
}

/** Tokens of a test user, as Cognito gives them. */
export interface SignedIn {
  readonly name: string
  readonly idToken: string
  readonly accessToken: string
}

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
          return UserPoolClients.map(({ ClientId = '', ClientName = '' }) => ({
            ...{ poolId, pool, clientId: ClientId, client: ClientName },
          }))
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

  /** By a flow that the client allows: the password as the page sends it, else as a server does. */
  async function enter(UserPoolId: string, ClientId: string, USERNAME: string, PASSWORD: string) {
    const about = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    const flows = about.UserPoolClient?.ExplicitAuthFlows ?? []
    const asked = { ClientId, AuthParameters: { USERNAME, PASSWORD } }
    return flows.includes('ALLOW_ADMIN_USER_PASSWORD_AUTH')
      ? cognito.send(
          new AdminInitiateAuthCommand({ ...asked, UserPoolId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' }),
        )
      : cognito.send(new InitiateAuthCommand({ ...asked, AuthFlow: 'USER_PASSWORD_AUTH' }))
  }
}
