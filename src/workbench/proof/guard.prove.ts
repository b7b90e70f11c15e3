import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Opened, openPage } from './opened.fixture.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPage()
})
afterAll(() => opened?.close())

/** Asks as no page does, and answers with the status. */
const statusOf = (path: string, headers: Record<string, string>, method = 'GET'): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port, host } = opened.url
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { host, ...headers } },
      response => {
        response.resume()
        resolve(response.statusCode!)
      },
    )
    asked.once('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    asked.once('error', reject).end(method === 'POST' ? '{}' : undefined)
  })

test('another origin, another host and a missing token are refused; the page’s own requests are not', async () => {
  const { page, url } = opened
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ name: `wslab-${url.port}`, sameSite: 'Strict', httpOnly: true })
  const own = { cookie: `${cookie!.name}=${cookie!.value}` }
  const { origin } = url
  expect(await statusOf('/', own)).toBe(200)
  expect(await statusOf('/', {})).toBe(401)
  expect(await statusOf('/page.js', {})).toBe(401)
  expect(await statusOf(url.pathname + url.search, { host: 'evil.example' })).toBe(403)
  expect(await statusOf('/api/check', { ...own, origin: 'http://evil.example' }, 'POST')).toBe(403)
  expect(await statusOf('/api/check', own, 'POST')).toBe(403)
  expect(await statusOf('/api/check', { origin }, 'POST')).toBe(401)
  expect(await statusOf('/api/check', { ...own, origin }, 'POST')).toBe(404)
  const upgrade = {
    connection: 'upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  }
  expect(await statusOf('/socket?stage=x', { ...own, ...upgrade, origin: 'http://evil.example' })).toBe(403)
  expect(await statusOf('/socket?stage=x', { ...upgrade, origin })).toBe(401)
  expect(await statusOf('/socket?stage=ws://localhost:1/x', { ...own, ...upgrade, origin })).toBe(404)
})

test('a page of another site can neither read nor do anything, although the browser is the same', async () => {
  const { page, url } = opened
  const strange = await page.context().newPage()
  await strange.route('http://evil.example/', route =>
    route.fulfill({ contentType: 'text/html', body: '<title>evil</title>' }),
  )
  await strange.goto('http://evil.example/')
  const outcome = await strange.evaluate(async origin => {
    const attempts = {
      read: () => fetch(`${origin}/api/story?lab=lab1-missing-route`, { credentials: 'include' }),
      act: () => fetch(`${origin}/api/check`, { method: 'POST', credentials: 'include', body: '{}' }),
    }
    const results = await Promise.all(
      Object.values(attempts).map(attempt =>
        attempt().then(
          answer => answer.text(),
          () => 'refused',
        ),
      ),
    )
    const socket: string = await new Promise(resolve => {
      const one = new WebSocket(`${origin.replace('http', 'ws')}/socket?stage=x`)
      one.onopen = () => resolve('open')
      one.onerror = () => resolve('refused')
    })
    return [...results, socket]
  }, url.origin)
  expect(outcome).toEqual(['refused', 'refused', 'refused'])
  await strange.close()
})

test('the token leaves the address, and the page loads nothing from elsewhere', async () => {
  const { page, url } = opened
  expect(page.url()).toBe(`${url.origin}/`)
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(one => one.name))
  expect(loaded.filter(one => !one.startsWith(url.origin))).toEqual([])
})
