import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto'
import type { APIGatewayRequestAuthorizerHandler } from 'aws-lambda'

const region = process.env.AWS_REGION!
const issuer = `https://cognito-idp.${region}.amazonaws.com/${process.env.USER_POOL_ID}`
let keys: Promise<readonly (JsonWebKey & { kid: string })[]> | undefined

/** Somebody is at the door: says whether they may come in, and who they are. */
export const handler: APIGatewayRequestAuthorizerHandler = async event => {
  const name = await nameIn(event.queryStringParameters?.token ?? '')

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
    const [header = '', payload = '', signature = ''] = token.split('.')
    const { alg, kid, jwk } = read(header)
    const claims = read(payload)
    if (alg !== 'RS256') return undefined
    const key = jwk ?? (await keyFor(kid))
    if (!key) return undefined
    const verify = createVerify('RSA-SHA256').update(`${header}.${payload}`)
    if (!verify.verify(createPublicKey({ key, format: 'jwk' }), signature, 'base64url')) return undefined
    const isMeant = claims.iss === issuer && claims.aud === process.env.USER_POOL_CLIENT_ID
    const isGood = isMeant && claims.token_use === 'id' && claims.exp * 1000 > Date.now()
    return isGood ? claims['cognito:username'] : undefined
  } catch (error) {
    console.warn(`Not let in: ${error}`)
    return undefined
  }
}

async function keyFor(kid: string) {
  keys ??= fetch(`${issuer}/.well-known/jwks.json`)
    .then(answer => answer.json())
    .then(set => (set as { keys: (JsonWebKey & { kid: string })[] }).keys)
  return (await keys).find(one => one.kid === kid)
}

const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
