/**
 * Tells everybody who waits what came of something: one envelope after the other, each with a line that says how it ended.
 *
 *   AWS_REGION=us-east-1 npx tsx clients/backend.ts wss://…/prod '{"merchant_id":"m1","client":"backend",…}' …
 *
 * It has to be somebody whom IAM lets in: it signs by the credentials that it finds as every AWS SDK does.
 * Exit code 0: all were delivered · 1: at least one was not.
 */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Sha256 } from '@aws-crypto/sha256-js'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { SignatureV4 } from '@smithy/signature-v4'
import { WebSocket } from 'ws'

/** How often an envelope is tried, and how long to wait before the second time, in milliseconds; twice as long before the third. */
const TRIES = 3
const WAIT = 500
/** API Gateway takes up to 29 seconds to answer. To wait longer is no use. */
const PATIENCE = 30_000
/** How API Gateway closes a connection on which a frame of more than 32 KB has come. */
const TOO_LONG = 1009

/** Trying again would not help. */
class Refused extends Error {}

const [url = '', ...envelopes] = process.argv.slice(2)
let socket: WebSocket | undefined

for (const envelope of envelopes) {
  try {
    console.log(`${refOf(envelope)}: delivered to ${await deliver(envelope)}`)
  } catch (error) {
    console.error(`${refOf(envelope)}: not delivered: ${(error as Error).message}`)
    process.exitCode = 1
  }
}
socket?.close()

/** How many have heard it. What may pass is tried again, which nobody hears twice. */
async function deliver(envelope: string): Promise<number> {
  let count = 0
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { delivered, failed } = await ask(envelope)
      count += delivered
      if (failed === 0) return count
      throw new Error(`${failed} of them could not be told`)
    } catch (error) {
      if (error instanceof Refused || attempt === TRIES) throw error
      await pause(WAIT * 2 ** (attempt - 1))
    }
  }
}

/** Sends an envelope and waits for the answer, over the connection there is, or a new one. */
async function ask(envelope: string): Promise<{ delivered: number; failed: number }> {
  if (socket?.readyState !== WebSocket.OPEN) socket = await connected()
  socket.send(envelope)
  const late = AbortSignal.timeout(PATIENCE)
  const [first] = await Promise.race([
    once(socket, 'message', { signal: late }),
    once(socket, 'close', { signal: late }),
  ])
  if (first === TOO_LONG) throw new Refused('it is longer than the 32 KB that API Gateway takes')
  if (typeof first === 'number') throw new Error(`the connection was closed with ${first}`)
  const answer = JSON.parse(String(first))
  if (answer.error) throw new Refused(answer.error)
  // {"message": "Internal server error", …} is API Gateway's own.
  if (answer.delivered === undefined) throw new Error(answer.message)
  return answer
}

async function connected(): Promise<WebSocket> {
  const opening = new WebSocket(await signed(new URL(url)))
  await once(opening, 'open', { signal: AbortSignal.timeout(PATIENCE) })
  return opening
}

/** The address with a signature in its query: nobody can make one without the credentials, and it is good for a minute. */
async function signed({ protocol, host, pathname }: URL): Promise<URL> {
  const signer = new SignatureV4({
    service: 'execute-api',
    region: process.env.AWS_REGION!,
    credentials: fromNodeProviderChain(),
    sha256: Sha256,
  })
  const { query = {} } = await signer.presign(
    { method: 'GET', protocol, hostname: host, path: pathname, headers: { host } },
    { expiresIn: 60 },
  )
  const address = new URL(`${protocol}//${host}${pathname}`)
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value))
  return address
}

/** For people: an envelope that is no JSON has none. */
function refOf(envelope: string): string {
  try {
    return JSON.parse(envelope).ref
  } catch {
    return '(no ref)'
  }
}
