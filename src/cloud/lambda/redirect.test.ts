import http from 'node:http'
import http2 from 'node:http2'
import net, { type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultAccount } from '../account.ts'
import { makeCertificate } from '../door/certificate.ts'
import { lambdaForTests } from './lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>
let close = () => {}

const HOST = 'abc.execute-api.us-east-1.amazonaws.com'

/** A door that answers with what it was asked: TLS (HTTP 1.1 and 2) and plain on one port, as the cloud's own. */
beforeAll(async () => {
  const { key, cert } = await makeCertificate(defaultAccount)
  const answer: http.RequestListener = (request, response) => {
    const { socket } = request as any
    const host = request.headers.host ?? (request.headers as any)[':authority']
    response.end(
      JSON.stringify([request.httpVersion, host, request.url, socket.encrypted ? socket.servername : null]),
    )
  }
  const plain = http.createServer(answer)
  const secure = http2.createSecureServer({ key, cert, allowHTTP1: true }, answer as any)
  const door = net.createServer(socket => {
    socket.once('data', first => {
      socket.pause()
      socket.unshift(first)
      const server = first[0] === 22 ? secure : plain
      server.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
    socket.on('error', () => {})
  })
  await new Promise<void>(resolve => door.listen(0, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  close = () => door.close()
  cloud = await lambdaForTests({ door: () => ({ port, authority: cert }) })
})
afterAll(async () => {
  await cloud.stop()
  close()
})

const run = async (name: string, body: string, properties: object = {}) => {
  await cloud.make(name, `exports.handler = async () => { ${body} }`, properties)
  const done = await cloud.invoke(name)
  return done.kind === 'returned' ? done.result : done.error
}

const get = (module: string, url: string, options = '{}') => `
  return await new Promise((resolve, reject) => require('node:${module}').get('${url}', ${options}, response => {
    let text = ''
    response.setEncoding('utf8').on('data', part => { text += part }).on('end', () => resolve(JSON.parse(text)))
  }).on('error', reject))`

test('https, fetch, http2 and plain http for AWS reach the door under the name they called', async () => {
  const seen = ['1.1', HOST, '/live?x=1', HOST]
  expect(await run('https', get('https', `https://${HOST}/live?x=1`))).toEqual(seen)
  expect(
    await run(
      'agent',
      get(
        'https',
        `https://${HOST}/live?x=1`,
        `{ agent: new (require('node:https').Agent)({ keepAlive: true }) }`,
      ),
    ),
  ).toEqual(seen)
  expect(await run('fetch', `return (await fetch('https://${HOST}/live?x=1')).json()`)).toEqual(seen)
  const queues = 'sqs.us-east-1.amazonaws.com'
  expect(await run('http', get('http', `http://${queues}/x`))).toEqual(['1.1', queues, '/x', null])
  expect(
    await run(
      'http2',
      `const session = require('node:http2').connect('https://${HOST}')
       const stream = session.request({ ':path': '/live?x=1' }).setEncoding('utf8')
       let text = ''
       for await (const part of stream) text += part
       session.close()
       return JSON.parse(text)`,
    ),
  ).toEqual(['2.0', `${HOST}:443`, '/live?x=1', HOST])
})

test('an ES module that imported connect before, and a worker, reach the door too', async () => {
  const code = cloud.asset('esm', {
    'index.mjs': `
      import { connect } from 'node:tls'
      import { Worker } from 'node:worker_threads'
      export const handler = async () => {
        const direct = await new Promise((resolve, reject) => {
          const socket = connect(443, '${HOST}', { servername: '${HOST}' }, () => resolve(socket.authorized)).on('error', reject)
        })
        const worker = new Worker("require('node:worker_threads').parentPort.postMessage(0); fetch('https://${HOST}/w').then(r => r.json()).then(x => require('node:worker_threads').parentPort.postMessage(x))", { eval: true })
        const answers = []
        for await (const [answer] of (await import('node:events')).on(worker, 'message')) { answers.push(answer); if (answer) break }
        await worker.terminate()
        return [direct, answers.at(-1)[2]]
      }`,
  })
  await cloud.make('esm', code, { Timeout: 10 })
  expect((await cloud.invoke('esm')).result).toEqual([true, '/w'])
})

test("the cloud's authority is believed for AWS only, and none but it there", async () => {
  // A name that the certificate is not made for.
  expect(await run('other', `return fetch('https://a.b.c.api.aws/').catch(error => error.cause.code)`)).toBe(
    'ERR_TLS_CERT_ALTNAME_INVALID',
  )
  // A server with another certificate that calls itself by an AWS name is reached by its address, and not believed.
  const { key, cert } = await makeCertificate(defaultAccount)
  const { createServer } = await import('node:tls')
  const stranger = createServer({ key, cert }, socket => socket.end())
  await new Promise<void>(resolve => stranger.listen(0, '127.0.0.1', resolve))
  const { port } = stranger.address() as AddressInfo
  expect(
    await run('stranger', `return fetch('https://localhost:${port}/').catch(error => error.cause.code)`),
  ).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/)
  stranger.close()
})

test('a connection by address under an AWS name goes to the door', async () => {
  expect(
    await run(
      'by-address',
      `return new Promise((resolve, reject) => {
         const socket = require('node:tls').connect({ host: '192.0.2.1', port: 443, servername: '${HOST}' }, () => { resolve(socket.remoteAddress); socket.destroy() })
         socket.on('error', reject)
       })`,
    ),
  ).toBe('127.0.0.1')
})

test('a custom domain is at the door as long as it is here, for instances that were there before it too', async () => {
  const asked = `
    const ask = async () => { ${get('http', 'http://ws.example.test/chat', '{ agent: false }')} }
    return [process.pid, await ask().catch(({ code }) => code)]`
  const [pid, before] = await run('custom', asked)
  expect(before).toMatch(/ENOTFOUND|EAI_AGAIN/)
  cloud.lambda.alsoBehindTheDoor(['other.example.test', 'ws.example.test'])
  const again = async () => (await cloud.invoke('custom')).result
  expect(await again()).toEqual([pid, ['1.1', 'ws.example.test', '/chat', null]])
  cloud.lambda.alsoBehindTheDoor([])
  expect(await again()).toEqual([pid, before])
})

test('E16 a client of @connections without an endpoint asks for a name that does not exist', async () => {
  const asked = `return fetch('https://execute-api.us-east-1.amazonaws.com/').catch(({ cause }) => [cause.code, cause.message])`
  expect(await run('nameless', asked)).toEqual([
    'ENOTFOUND',
    'getaddrinfo ENOTFOUND execute-api.us-east-1.amazonaws.com',
  ])
})

test('E16 a client that speaks plain HTTP to API Gateway, as for a wss:// endpoint, waits for ever', async () => {
  const asked = get('http', `http://${HOST}/live`)
  expect(await run('wss', asked, { Timeout: 1 })).toMatchObject({ errorType: 'Sandbox.Timedout' })
})

test('instance metadata cannot be reached', async () => {
  expect(
    await run(
      'metadata',
      `return fetch('http://169.254.169.254/latest/meta-data/').catch(error => error.cause.code)`,
    ),
  ).toBe('EHOSTUNREACH')
})

test('other hosts are left alone', async () => {
  const server = http.createServer((_, response) => response.end('"local"'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await run('local', `return (await fetch('http://127.0.0.1:${port}/')).json()`)).toBe('local')
  const path = `amazonaws.com.example.test`
  expect(await run('lookalike', `return fetch('http://${path}/').catch(error => error.cause.code)`)).toMatch(
    /ENOTFOUND|EAI_AGAIN/,
  )
  server.close()
})

test('the AWS SDK, unmodified, reaches the door with the credentials of the role', async () => {
  const told = await run(
    'sdk',
    `const { DynamoDBClient, ListTablesCommand } = require('@aws-sdk/client-dynamodb')
     const client = new DynamoDBClient({ maxAttempts: 1 })
     let signed
     client.middlewareStack.add(next => args => { signed = args.request.headers.authorization; return next(args) }, { step: 'finalizeRequest', priority: 'low' })
     await client.send(new ListTablesCommand({})).catch(() => {})
     return [signed, process.env.AWS_ACCESS_KEY_ID]`,
  )
  expect(told[0]).toContain(`Credential=${told[1]}/`)
})
