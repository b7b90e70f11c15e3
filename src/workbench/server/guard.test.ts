import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { makeGuard } from './guard.ts'

const PORT = 4321
const ask = (
  headers: Record<string, string>,
  { method = 'GET', url = '/', env = {} as NodeJS.ProcessEnv, guard = makeGuard(env) } = {},
) =>
  guard.admit(
    { method, url, headers: { host: `localhost:${PORT}`, ...headers } } as unknown as IncomingMessage,
    PORT,
  )

test('the printed address is let in, and given a strict cookie that is named after the port', () => {
  const guard = makeGuard({})
  const answer = ask({}, { guard, url: `/?${guard.query}` })
  const cookie = 'cookie' in answer ? answer.cookie! : ''
  expect(cookie).toMatch(/^wslab-4321=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/)
  expect(ask({ cookie: `other=1; ${cookie.split(';')[0]}` }, { guard })).toEqual({ admitted: true })
})

test('a request without the token, or with another one, is refused', () => {
  expect(ask({})).toMatchObject({ admitted: false, status: 401 })
  expect(ask({}, { url: '/?token=guess' })).toMatchObject({ admitted: false, status: 401 })
  expect(ask({}, { url: '//[' })).toMatchObject({ admitted: false, status: 401 })
  expect(ask({ cookie: 'wslab-4321=guess' })).toMatchObject({ admitted: false, status: 401 })
})

test('another host and another origin are refused, with the token as well', () => {
  const guard = makeGuard({})
  const url = `/?${guard.query}`
  expect(ask({ host: 'evil.example:4321' }, { guard, url })).toMatchObject({ status: 403 })
  expect(ask({ host: 'localhost:4322' }, { guard, url })).toMatchObject({ status: 403 })
  for (const origin of ['http://evil.example', 'http://localhost:4322', 'null', 'https://localhost:4321'])
    expect(ask({ origin }, { guard, url }), origin).toMatchObject({ admitted: false, status: 403 })
})

test('a change or a socket needs an origin, and the token in the address does not do for it', () => {
  const guard = makeGuard({})
  const cookie = `wslab-4321=${guard.query.slice('token='.length)}`
  const origin = 'http://localhost:4321'
  expect(ask({ cookie }, { guard, method: 'POST' })).toMatchObject({ status: 403 })
  expect(ask({ cookie, upgrade: 'websocket' }, { guard })).toMatchObject({ status: 403 })
  expect(ask({ origin }, { guard, method: 'POST', url: `/?${guard.query}` })).toMatchObject({ status: 401 })
  expect(ask({ cookie, origin }, { guard, method: 'POST' })).toEqual({ admitted: true })
})

test('behind the forwarded port of a Codespace its own host and origin are let in, and no other', () => {
  const env = { CODESPACE_NAME: 'calm-fish', GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: 'app.github.dev' }
  const guard = makeGuard(env)
  const cookie = `wslab-4321=${guard.query.slice('token='.length)}`
  const origin = 'https://calm-fish-4321.app.github.dev'
  expect(ask({ cookie, origin }, { guard, method: 'POST' })).toEqual({ admitted: true })
  expect(ask({ cookie, host: 'calm-fish-4321.app.github.dev' }, { guard })).toEqual({ admitted: true })
  expect(ask({ cookie, origin: 'https://other-4321.app.github.dev' }, { guard })).toMatchObject({
    status: 403,
  })
})
