import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error'
import type { APIGatewayRequestAuthorizerHandler } from 'aws-lambda'

// Fetches the pool's public keys with the first token, and keeps them from one event to the next.
const verifier = CognitoJwtVerifier.create({
  userPoolId: process.env.USER_POOL_ID!,
  clientId: process.env.USER_POOL_CLIENT_ID!,
  tokenUse: 'id',
})

/** Where the page is. */
const OUR_PAGE = 'https://chat.example.com'

/** Somebody is at the door: says whether they may come in, and who they are. */
export const handler: APIGatewayRequestAuthorizerHandler = async event => {
  const { Origin: page = OUR_PAGE } = event.headers ?? {}
  const name = page === OUR_PAGE ? await nameIn(event.queryStringParameters?.token ?? '') : undefined

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

/** The user whom a token names; undefined for a token that is not good. */
async function nameIn(token: string): Promise<string | undefined> {
  try {
    const claims = await verifier.verify(token)
    return claims['cognito:username']
  } catch (error) {
    // Without the pool's keys nothing can be said of a token: that is a failure, and no refusal.
    if (error instanceof FetchError || !(error instanceof JwtBaseError)) throw error
    console.warn(`Not let in: ${error.message}`)
    return undefined
  }
}
