import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HANG } from '../machine/bounds.ts'
import { openBrowser } from '../run/browser.ts'
import { type Running, type SecondHouse, secondHouse } from '../selfproof/second-house.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where pictures for the docs are put, when somebody wants new ones: `PICTURES=/tmp/pictures npm run prove workbench`. */
const pictures = process.env.PICTURES

let house: SecondHouse
let running: Running
let browser: Browser
let page: Page
let url: URL

beforeAll(async () => {
  // One workbench serves all that follows, one after the other.
  house = secondHouse({ limit: 10 * HANG })
  running = house.start('start')
  browser = await openBrowser()
  const said = await running.says(/token=\S+/)
  url = new URL(/http:\S+token=\S+/.exec(said)![0])
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.setDefaultTimeout(HANG)
  page.on('pageerror', error => expect.unreachable(`the page failed: ${error.message}`))
  await page.goto(url.href)
  await page.getByRole('navigation', { name: 'Views' }).waitFor()
})

afterAll(async () => {
  await browser?.close()
  running?.kill('SIGINT')
  const ended = await running?.ended
  await house?.remove()
  expect(ended?.stderr).toBe('')
})

/** Goes to a view by its link. */
const view = (name: string) =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()
const lab = (name: string) =>
  page.getByRole('navigation', { name: 'Labs' }).getByRole('button', { name }).click()
const button = (name: string | RegExp) => page.getByRole('button', { name })
const wire = () => page.getByRole('listbox')
/** Puts a solution up, and waits until it is. */
async function putUp(name: string, what: 'starter' | 'solution') {
  await lab(name)
  await view('Lab')
  await button(`Put the ${what} up`).click()
  await page.getByText(`The ${what} is up.`).waitFor()
}

/** Connects so many clients in *Try it*, and answers with their names. */
async function joins(count: number): Promise<string[]> {
  const open = page.locator('.client.open')
  const before = await open.count()
  for (let more = 0; more < count; more += 1) await button('Connect a client').click()
  await open.nth(before + count - 1).waitFor()
  const names = await open.locator('h2').allTextContents()
  return names.slice(before)
}

/** Waits until a client in *Try it* has heard something with this text. */
const heard = (name: string, text: string) =>
  page
    .getByRole('region', { name: `Client ${name}` })
    .locator('.heard')
    .getByText(text, { exact: false })
    .first()
    .waitFor()

/** What axe-core finds wrong with the page as it is, in both colour schemes. */
async function violations(): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    // Not by a script tag: the page's policy forbids those.
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => (globalThis as any).axe.run())
    for (const { id, nodes } of violations)
      found.push(
        ...nodes.slice(0, 3).map((node: any) => `${colorScheme} ${id}: ${node.html} ${node.failureSummary}`),
      )
  }
  return found
}

/** Takes the pictures of a view: light and dark, wide, and on a telephone. */
async function picture(name: string): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  const shot = (suffix: string) => page.screenshot({ path: join(pictures, `${name}${suffix}.png`) })
  await page.mouse.move(0, 0)
  await shot('')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('-dark')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await shot('-dark-1920')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 390, height: 844 })
  await shot('-390')
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** Asks as no page does, and answers with the status. */
const statusOf = (path: string, headers: Record<string, string>, method = 'GET'): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: url.port, path, method, headers: { host: url.host, ...headers } },
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
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ name: `wslab-${url.port}`, sameSite: 'Strict', httpOnly: true })
  const own = { cookie: `${cookie!.name}=${cookie!.value}` }
  const origin = url.origin
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
  expect(await statusOf('/socket?stage=ws://localhost:1/x', { ...own, ...upgrade, origin })).toBe(404)
})

test('the token leaves the address, and the page loads nothing from elsewhere', async () => {
  expect(page.url()).toBe(`${url.origin}/`)
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(one => one.name))
  expect(loaded.filter(one => !one.startsWith(url.origin))).toEqual([])
})

describe('a learner', () => {
  test('does lab 1 from the page: reads, takes a hint, checks, edits the file, and sees it turn green', async () => {
    await lab('The missing route')
    await page.getByRole('heading', { name: 'Lab 1: the missing route' }).waitFor()
    await button('Give me a hint').click()
    await page.getByText('1 of 3 given').waitFor()
    expect(await violations()).toEqual([])
    await picture('lab')

    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByRole('status').filter({ hasText: 'Not fixed yet' }).waitFor()
    await page.getByText('starter/lab1-missing-route/stack.ts').first().waitFor()
    await button('Open in the editor').first().click()
    // The words are the server's. Which they are depends on the machine.
    await page.getByText(/No editor was found|needs a terminal of its own/).waitFor()
    await page.getByLabel('Check on save').check()
    // The box is ticked at once, and the folder is watched a moment later.
    await page.getByText('starter/lab1-missing-route is watched').waitFor()

    const stack = (room: string) => join(house.directory, room, 'lab1-missing-route', 'stack.ts')
    copyFileSync(stack('solutions'), stack('starter'))
    await page
      .getByRole('status')
      .filter({ hasText: /^Fixed$/ })
      .waitFor()
    await page.getByLabel('Check on save').uncheck()
    expect(await violations()).toEqual([])
    await view('Lab')
    await button('Compare with the solution').click()
    await page.getByText('Your starter is the solution, to the letter.').waitFor()
  })

  test('finds the denial of lab 2 on the wire, and reads why', async () => {
    await lab('The wrong permissions')
    await view('Check')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByRole('status').filter({ hasText: 'Not fixed yet' }).waitFor()
    expect(await violations()).toEqual([])
    await picture('check')
    await button('Show on the wire').click()
    const panel = page.getByRole('complementary', { name: 'The event' })
    await panel
      .getByText('sendMessage is denied dynamodb:Scan on table/Connections', { exact: false })
      .waitFor()
    await panel.getByText('Nothing in it is about dynamodb.').waitFor()
    expect(await panel.locator('pre').filter({ hasText: 'aws iam simulate-principal-policy' }).count()).toBe(
      1,
    )
    expect(await violations()).toEqual([])
    await picture('wire')
  })

  test('works on the wire with the keyboard alone', async () => {
    await view('Wire')
    await page.keyboard.press('/')
    await page.keyboard.type('AccessDenied')
    await page.keyboard.press('Tab')
    await wire().focus()
    await page.keyboard.press('Home')
    const first = await wire().getAttribute('aria-activedescendant')
    await page.keyboard.press('ArrowDown')
    expect(await wire().getAttribute('aria-activedescendant')).not.toBe(first)
    await page.keyboard.press('Enter')
    const panel = page.getByRole('complementary', { name: 'The event' })
    await panel.waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await button('Show all').click()
    const from = page.getByRole('slider', { name: 'From' })
    await from.focus()
    const before = await wire().getByRole('option').first().getAttribute('aria-setsize')
    for (let times = 0; times < 20; times += 1) await page.keyboard.press('ArrowRight')
    expect(Number(await wire().getByRole('option').first().getAttribute('aria-setsize'))).toBeLessThan(
      Number(before),
    )
    await button('Show all').click()
  })

  test('lets two clients chat, and sees markup in a frame as text', async () => {
    await putUp('The wrong permissions', 'solution')
    await view('Try it')
    await button('Connect a client').click()
    await button('Connect a client').click()
    await page.locator('.client.open').nth(1).waitFor()
    const text = '<script>document.title="owned"</script><img src=x onerror="document.title=1">'
    await page.getByLabel('Frame').fill(JSON.stringify({ action: 'sendMessage', text }))
    await button('ana says it').click()
    const ben = page.getByRole('region', { name: 'Client ben' })
    await ben.locator('.heard').getByText('<script>', { exact: false }).waitFor()
    expect(await violations()).toEqual([])
    await picture('try')
    await view('Wire')
    await page.getByLabel('Filter the wire by text').fill('onerror')
    await wire().locator('.chip').getByText('<script>', { exact: false }).first().waitFor()
    expect(await page.locator('main script, main img').count()).toBe(0)
    expect(await page.title()).toBe('Wire · Workbench')
    await button('Show all').click()
  })

  test('looks inside at the rows of the table', async () => {
    await view('Inside')
    await page.getByRole('columnheader', { name: 'connectionId' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(3)
    await page.locator('code').filter({ hasText: 'aws dynamodb scan --table-name' }).waitFor()
    expect(await violations()).toEqual([])
    await picture('inside')
  })

  test('lets ten minutes pass, and sees the idle clients go', async () => {
    await view('Try it')
    await page.locator('.client.open').first().waitFor()
    await button('Ten minutes pass').click()
    await page.locator('.client.closed').nth(1).waitFor()
    await page
      .getByRole('region', { name: 'Client ben' })
      .getByText('closed: 1001', { exact: false })
      .waitFor()
  })

  test('sees which routes a stage does not serve, although they are defined', async () => {
    await putUp('Not on the stage', 'starter')
    await view('Inside')
    await page.getByRole('link', { name: 'Routes' }).click()
    await page.getByRole('cell', { name: '✕ not deployed' }).first().waitFor()
    expect(await violations()).toEqual([])
    await picture('routes')
  })

  test('follows one message of lab 6 to each of its subscribers', async () => {
    await putUp('GraphQL subscriptions', 'solution')
    await view('Try it')
    const names = await joins(2)
    const say = page.getByLabel('Frame')
    for (const name of names) {
      await say.fill('{"type":"connection_init"}')
      await button(`${name} says it`).click()
      await heard(name, 'connection_ack')
      await say.fill(
        '{"id":"1","type":"subscribe","payload":{"query":"subscription { message { content } }"}}',
      )
      await button(`${name} says it`).click()
    }
    await view('Wire')
    // A subscription is answered with nothing. What it wrote is on the wire.
    await page.getByLabel('Filter the wire by text').fill('Subscriptions')
    await wire().getByText('PutItem', { exact: false }).nth(1).waitFor()
    await view('Try it')
    await say.fill(
      '{"id":"2","type":"subscribe","payload":{"query":"mutation { say(content: \\"to each\\") { sentAt } }"}}',
    )
    await button(`${names[0]} says it`).click()
    for (const name of names) await heard(name, '"content":"to each"')
    await view('Wire')
    await page.getByLabel('Filter the wire by text').fill('mutation')
    await wire().getByRole('option').first().click()
    await button('Follow this message').click()
    await page.getByText('Following one message').waitFor()
    await page.getByLabel('Filter the wire by text').fill('"content":"to each"')
    const frames = wire().getByRole('option').filter({ hasText: '"message":{"content":"to each"}' })
    await expect.poll(() => frames.count()).toBe(2)
    expect(await violations()).toEqual([])
    await picture('follow')
    await button('Show all').click()
  })

  test('signs a test user in, and is heard under that name', async () => {
    await putUp('Authentication', 'solution')
    await view('Try it')
    await page.getByLabel('Test user').last().fill('Zoë')
    await button('Sign in').click()
    await page.getByText('Zoë has signed in.', { exact: false }).waitFor()
    const [name] = await joins(1)
    await page.getByLabel('Frame').fill('{"action":"sendMessage","text":"it is me"}')
    await button(`${name} says it`).click()
    await heard(name!, '"from":"Zoë"')
    expect(await violations()).toEqual([])
    await picture('sign-in')
  })

  test.each(['Tables', 'Functions and logs', 'Roles', 'Queues', 'Topics'])('reads %s inside', async name => {
    await view('Inside')
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('region', { name, exact: true }).waitFor()
    expect(await violations()).toEqual([])
    await picture(`inside-${name.split(' ')[0]!.toLowerCase()}`)
  })

  test('is told by the server why something cannot be done now', async () => {
    await lab('Authentication')
    await view('Lab')
    await button('Put the starter up').click()
    const why = 'Not now: lab3-authentication is being put up'
    await page.getByTitle(why).first().waitFor()
    await page.getByText('The starter is up.').waitFor()
  })
})
