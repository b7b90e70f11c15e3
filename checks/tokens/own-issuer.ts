import { createSign, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scene } from '#kit'

/** Somebody who signs tokens, and is not the pool. Anybody may have their public key. */
export interface OwnIssuer {
  /** `http://127.0.0.1:PORT`. Each address below it has a key set, as a pool's issuer has. */
  readonly url: string
  readonly kid: string
  readonly publicKey: JsonWebKey
  /** Signs the first two parts of a token. */
  sign(text: string): string
}

/** One key pair is enough for all scenes, and it takes a while to make. */
let pair: ReturnType<typeof makePair> | undefined
const makePair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Starts an issuer of the check's own. It ends with the scene. */
export async function ownIssuer(scene: Scene): Promise<OwnIssuer> {
  pair ??= makePair()
  const { privateKey, publicKey } = pair
  const kid = 'mallorys'
  const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid }
  const server = createServer(({ url = '', headers }, response) => {
    const issuer = `http://${headers.host}${url.replace('/.well-known/openid-configuration', '')}`
    const isConfiguration = url.endsWith('/.well-known/openid-configuration')
    const body = isConfiguration ? { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` } : { keys: [jwk] }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  scene.atTheEnd(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kid,
    publicKey: jwk,
    sign: text => createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url'),
  }
}
