import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, JSHandle, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NoBrowser, openBrowser } from './run/browser.ts'
import { reached } from './selfproof/reached.ts'
import { type Running, type SecondHouse, secondHouse } from './selfproof/second-house.ts'

let house: SecondHouse
let pages: Server
let browser: Browser
let page: Page
let solution: Running
let url: string
const running: Running[] = []

/** Puts a stack up. Whatever a test leaves up is taken down after the last. */
function up(...args: string[]): Running {
  const one = house.start('up', ...args)
  running.push(one)
  return one
}

beforeAll(async () => {
  house = secondHouse()
  solution = up('lab1', '--solution')
  // Any page will do; this one has an origin, as the learner's would.
  pages = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title>')
  }).listen(0, '127.0.0.1')
  await once(pages, 'listening')
  browser = await openBrowser()
  page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
  url = (await reached(solution)).url
})

afterAll(async () => {
  await browser?.close()
  pages?.close()
  for (const one of running) one.kill('SIGINT')
  await Promise.all(running.map(one => one.ended))
  house.remove()
})

/** What a close event says. */
interface Ending {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** A socket as a page's own code would keep it. It lives in the browser. */
interface Client {
  readonly socket: WebSocket
  /** The data of the next message not taken yet, or how the connection ended. */
  next(): Promise<unknown>
  readonly closed: Promise<Ending>
}

/** Opens a socket in the page, and resolves once it is open. Rejects with how it ended if it never is. */
const open = (at: string, where = page): Promise<JSHandle<Client>> =>
  where.evaluateHandle(
    address =>
      new Promise<Client>((resolve, reject) => {
        const socket = new WebSocket(address)
        const heard: unknown[] = []
        const waiting: ((message: unknown) => void)[] = []
        const take = (message: unknown) => {
          const first = waiting.shift()
          if (first) first(message)
          else heard.push(message)
        }
        const next = () =>
          new Promise<unknown>(found => {
            if (heard.length > 0) found(heard.shift())
            else waiting.push(found)
          })
        const closed = new Promise<Ending>(ended => {
          socket.onclose = ({ code, reason, wasClean }) => ended({ code, reason, wasClean })
        })
        socket.onmessage = ({ data }) => take(data)
        socket.onopen = () => resolve({ socket, next, closed })
        // Once it is open this rejects nothing any more: whoever waits for a message then is told the ending instead.
        closed.then(ending => {
          take(ending)
          reject(new Error(`closed with ${ending.code}`))
        })
      }),
    at,
  )

const say = (client: JSHandle<Client>, text: string) =>
  client.evaluate(({ socket }, words) => socket.send(words), text)
const next = (client: JSHandle<Client>) => client.evaluate(({ next }) => next())
const closed = (client: JSHandle<Client>) => client.evaluate(({ closed }) => closed)

/** The id under which the service knows this client. */
async function idOf(client: JSHandle<Client>): Promise<string> {
  await say(client, '{"action":"whoami"}')
  return JSON.parse(String(await next(client))).connectionId
}

test('a page says something and hears the answer, as text', async () => {
  const client = await open(url)
  await say(client, '{"action":"message","text":"from a page ☂"}')
  expect(await next(client)).toBe('{"text":"from a page ☂"}')
})

test('a message that no route takes is answered by the error frame of the gateway, as text', async () => {
  const starter = up('lab1')
  const client = await open((await reached(starter)).url)
  await say(client, '{"action":"whoami"}')
  const frame = await next(client)
  expect(frame).toMatch(
    /^\{"message": "Forbidden", "connectionId":"[\w+/=-]{10,}", "requestId":"[\w+/=-]{10,}"\}$/,
  )
  await say(client, '{"action":"message","text":"still here"}')
  expect(await next(client)).toBe('{"text":"still here"}')
})

test('a page that closes its socket gets its own code back, and the service hears it', async () => {
  const client = await open(url)
  const id = await idOf(client)
  await client.evaluate(({ socket }) => socket.close(4001, 'seen enough'))
  expect(await closed(client)).toEqual({ code: 4001, reason: 'seen enough', wasClean: true })
  await solution.says(closing(id, '4001 \\(seen enough\\)'))
})

test('A41: a page that is left goes away with 1001', async () => {
  const tab = await browser.newPage()
  await tab.goto(page.url())
  const id = await idOf(await open(url, tab))
  await tab.goto('about:blank')
  await solution.says(closing(id, '1001\\b'))
  await tab.close()
})

test('C22: a Blob is a binary frame, and closes the connection with 1003', async () => {
  const client = await open(url)
  await client.evaluate(({ socket }) => socket.send(new Blob(['{"action":"whoami"}'])))
  expect(await next(client)).toEqual({ code: 1003, reason: '', wasClean: true })
})

test('G4: a message of 32 KB is answered, one of 33 KB closes the connection with 1009', async () => {
  const client = await open(url)
  const before = '{"action":"message","text":"'
  const text = 'x'.repeat(32 * 1024 - before.length - 2)
  await say(client, `${before}${text}"}`)
  expect(await next(client)).toBe(`{"text":"${text}"}`)

  await say(client, 'x'.repeat(33 * 1024))
  expect(await next(client)).toEqual({ code: 1009, reason: '', wasClean: true })
})

test('a refused handshake shows a page nothing but 1006', async () => {
  await expect(open(`${url}-not-there`)).rejects.toThrow('closed with 1006')
})

test('when the stack is taken down, the page is told', async () => {
  const brief = up('lab1', '--solution')
  const client = await open((await reached(brief)).url)
  brief.kill('SIGINT')
  expect(await closed(client)).toEqual({ code: 1006, reason: '', wasClean: false })
  expect((await brief.ended).code).toBe(0)
})

test('a WSLAB_BROWSER that leads nowhere is said, and no other browser is taken instead', async () => {
  const opening = openBrowser({ ...process.env, WSLAB_BROWSER: '/no/such/browser' })
  await expect(opening).rejects.toThrow(NoBrowser)
  await expect(opening).rejects.toThrow('there is no file /no/such/browser')
})

/** The lines by which `up` shows that a client came, and how its connection ended. */
const closing = (connectionId: string, ending: string): RegExp =>
  new RegExp(
    `(client \\d+) connects to stage \\w+, as ${connectionId.replace(/[+/=]/g, '\\$&')}\n[\\s\\S]*\\1 is closed with ${ending}`,
  )
