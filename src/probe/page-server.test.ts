import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PageServer, servePages } from './page-server.ts'

const room = mkdtempSync(join(tmpdir(), 'wslab-pages-'))
let server: PageServer
beforeAll(async () => {
  mkdirSync(join(room, 'pages'))
  writeFileSync(join(room, 'pages', 'index.html'), 'hello')
  writeFileSync(join(room, 'secret.json'), '{}')
  symlinkSync(join(room, 'secret.json'), join(room, 'pages', 'link.json'))
  symlinkSync(room, join(room, 'pages', 'up'))
  server = await servePages(join(room, 'pages'))
})
afterAll(() => {
  server.close()
  rmSync(room, { recursive: true })
})

const statusOf = (path: string, host?: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(server.origin)
    request({ port, host: '127.0.0.1', path, headers: { host: host ?? `localhost:${port}` } }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })

test('a page is served by its own name', async () => {
  expect(await statusOf('/index.html')).toBe(200)
})

test.for([
  '/link.json',
  '/up/secret.json',
  '/../secret.json',
  '/%2e%2e/secret.json',
  '/100%.css',
  '//[',
  '/%00.css',
])('nothing is served through %s', async path => {
  expect(await statusOf(path)).toBe(404)
})

test('a name of somebody else that leads here is refused', async () => {
  expect(await statusOf('/index.html', 'rebound.example.com')).toBe(421)
})
