import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Cloud, startCloud } from './cloud/cloud.ts'
import { startGuardian } from './cloud/guardian.ts'
import { HANG } from './machine/bounds.ts'
import { knock } from './probe/client.ts'
import { startTranscript } from './probe/transcript.ts'
import { synthApp } from './selfproof/synth-app.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-house-domains-'))
const guardian = startGuardian()
let cloud: Cloud
let open: string
let closed: string
beforeAll(async () => {
  const synthesized = await Promise.all([
    synthApp(root, 'custom-domain'),
    synthApp(root, 'custom-domain', { closed: 'true' }),
  ])
  ;[open, closed] = synthesized
  cloud = await startCloud({ guardian })
})
afterAll(async () => {
  await cloud.stop()
  await guardian.stop()
  rmSync(root, { recursive: true })
})

const output = (name: string) =>
  cloud.stacks.describe('Named').outputs.find(({ key }) => key === name)?.value ?? ''

/** Finds every name here, as the learner's own DNS would if the domain were theirs. */
const lookup: LookupFunction = (_name, { all }, found) =>
  all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4)
const doorPort = () => new URL(cloud.endpoint).port

async function knockAt(url: string) {
  const knocked = await knock(url, 'ana', {}, startTranscript(), HANG)
  if ('refused' in knocked) return knocked.refused
  onTestFinished(() => knocked.client.vanish())
  return knocked.client
}

async function connect(url: string) {
  const client = await knockAt(url)
  if (typeof client === 'number') throw new Error(`refused with ${client}`)
  return client
}

/** A socket at the door under the custom domain. */
async function atTheDoor(scheme: 'ws' | 'wss', path: string) {
  const url = `${scheme}://ws.example.com:${doorPort()}${path}`
  const socket = new WebSocket(url, { lookup, rejectUnauthorized: false })
  onTestFinished(() => socket.terminate())
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const heard = new Promise(resolve => socket.once('message', data => resolve(JSON.parse(String(data)))))
  return { socket, heard }
}

/** The management client of a path on the custom domain, at the door. */
function management(base: string, settings: object = {}) {
  const client = new ApiGatewayManagementApiClient({
    endpoint: `http://ws.example.com:${doorPort()}${base}`,
    region: cloud.account.region,
    credentials: cloud.credentials,
    maxAttempts: 1,
    requestHandler: { httpAgent: new http.Agent({ lookup }) },
    ...settings,
  })
  onTestFinished(() => client.destroy())
  return client
}

test('D13, E18, E19, I10: an app with a domain of its own is reached by it, and posts back by it', async () => {
  await cloud.deploy(open)
  expect(output('Named')).toBe('wss://ws.example.com')
  expect(output('Regional')).toMatch(/^d-\w{10}\.execute-api\.us-east-1\.amazonaws\.com$/)
  const url = cloud.toLocal(output('Named'))
  expect(url).toMatch(/^ws:\/\/localhost:\d+$/)
  expect(cloud.sockets()).toEqual([cloud.toLocal(output('Own')), `${url}/chat`, url])
  expect(cloud.toLocal('https://ws.example.com/chat, not wss://ws.example.community')).toBe(
    `${url.replace('ws:', 'http:')}/chat, not wss://ws.example.community`,
  )
  for (const path of ['/live', '/chat/live']) expect(await knockAt(`${url}${path}`)).toBe(403)

  for (const way of [url, `${url}/chat`]) {
    const ana = await connect(way)
    for (const base of ['', '/chat']) {
      ana.send({ base })
      await ana.hears({ post: base })
      await ana.hears({ domainName: 'ws.example.com', stage: 'live', posted: 'posted' })
    }
    ana.send({ host: new URL(output('Own')).host, base: '/live' })
    await ana.hears({ post: '/live' })
    await ana.hears({ posted: 'posted' })
    // The mapping has the stage already.
    ana.send({ base: '/live' })
    const { connectionId, posted } = await ana.hears({ domainName: 'ws.example.com' })
    expect(posted).toEqual({
      name: 'NotFoundException',
      message: `No method found matching route live/@connections/${connectionId} for http method POST.`,
      status: 404,
    })
  }

  // Whoever came by the API's own host has that for a domainName, and can be posted to by the domain.
  const ben = await connect(cloud.toLocal(output('Own')))
  ben.send({ host: 'ws.example.com', base: '/chat' })
  await ben.hears({ post: '/chat' })
  await ben.hears({ domainName: new URL(output('Own')).host, posted: 'posted' })
})

test('at the door the custom domain is known by its name, with TLS by a certificate of its own', async () => {
  await cloud.deploy(open)
  const secure = await atTheDoor('wss', '/chat')
  const { subjectaltname } = ((secure.socket as any)._socket as TLSSocket).getPeerCertificate()
  expect(subjectaltname).toBe('DNS:ws.example.com')
  secure.socket.send('{"base":"/live"}')
  expect(await secure.heard).toMatchObject({ domainName: 'ws.example.com', posted: { status: 404 } })

  const plain = await atTheDoor('ws', '/')
  plain.socket.send('{"base":"/live"}')
  const { connectionId } = (await plain.heard) as { connectionId: string }
  const post = new PostToConnectionCommand({ ConnectionId: connectionId, Data: '"from outside"' })
  const next = new Promise(resolve => plain.socket.once('message', data => resolve(String(data))))
  await management('/chat').send(post)
  expect(await next).toBe('"from outside"')

  // Signed with the custom domain for a host, and held to it.
  const credentials = { ...cloud.credentials, secretAccessKey: 'wrong' }
  await expect(management('/chat', { credentials }).send(post)).rejects.toMatchObject({
    name: 'InvalidSignatureException',
    $metadata: { httpStatusCode: 403 },
  })
  const unsigned = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const url = `http://ws.example.com:${doorPort()}/chat/@connections/${encodeURIComponent(connectionId)}`
    http.request(url, { method: 'POST', lookup }, resolve).on('error', reject).end('x')
  })
  unsigned.resume()
  expect([unsigned.statusCode, unsigned.headers['x-amzn-errortype']]).toEqual([
    403,
    'MissingAuthenticationTokenException',
  ])
})

test('A50: where the default endpoint is disabled the custom domain goes on, and all of it can be taken down', async () => {
  await cloud.deploy(open)
  const url = cloud.toLocal(output('Named'))
  const own = cloud.toLocal(output('Own'))
  const ana = await connect(own)
  await cloud.deploy(closed)
  expect(await knockAt(own)).toBe(403)
  expect(cloud.sockets()).toEqual([`${url}/chat`, url])
  ana.send({ host: new URL(output('Own')).host, base: '/live' })
  await ana.hears({ posted: { status: 403, name: 'ForbiddenException' } })
  ana.send({ host: 'ws.example.com' })
  await ana.hears({ post: '' })
  const ben = await connect(url)
  ben.send({})
  await ben.hears({ posted: 'posted' })

  await cloud.stacks.delete('Named')
  expect(cloud.toLocal('wss://ws.example.com')).toBe('wss://ws.example.com')
  expect(cloud.sockets()).toEqual([])
})
