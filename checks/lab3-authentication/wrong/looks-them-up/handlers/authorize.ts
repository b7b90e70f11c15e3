import { AdminGetUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import type { APIGatewayRequestAuthorizerHandler } from 'aws-lambda'

const cognito = new CognitoIdentityProviderClient()

/** Somebody is at the door: says whether they may come in, and who they are. */
export const handler: APIGatewayRequestAuthorizerHandler = async event => {
  const name = await known(nameIn(event.queryStringParameters?.token ?? ''))

  return {
    principalId: name ?? 'nobody',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Action: 'execute-api:Invoke', Effect: name ? 'Allow' : 'Deny', Resource: event.methodArn },
      ],
    },
    // Every later event of this connection has it as requestContext.authorizer.
    context: { name },
  }
}

async function known(name: string | undefined): Promise<string | undefined> {
  if (!name) return undefined
  try {
    const asked = { UserPoolId: process.env.USER_POOL_ID, Username: name }
    const { Enabled } = await cognito.send(new AdminGetUserCommand(asked))
    return Enabled ? name : undefined
  } catch (error) {
    console.warn(`Not let in: ${error}`)
    return undefined
  }
}

/** The user whom a token names; undefined for a token that is not good. */
function nameIn(token: string): string | undefined {
  const [, claims = ''] = token.split('.')
  try {
    const { exp, 'cognito:username': name } = JSON.parse(Buffer.from(claims, 'base64url').toString())
    return exp * 1000 > Date.now() ? name : undefined
  } catch {
    console.warn('Not let in: that is no token')
    return undefined
  }
}
