import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Opened, openPage } from './opened.fixture.ts'
import { picture } from './pictures.fixture.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPage()
})
afterAll(() => opened?.close())

const button = (name: string | RegExp) => opened.page.getByRole('button', { name })
const wire = () => opened.page.getByRole('listbox')

test('where nothing is up, the server says why nobody can connect', async () => {
  const { page, view, violations } = opened
  await view('Try it')
  await page.getByText('Nothing with a WebSocket API is up.', { exact: false }).first().waitFor()
  await page.getByTitle('Not now: Nothing with a WebSocket API is up.', { exact: false }).first().waitFor()
  expect(await violations()).toEqual([])
  await picture(page, 'try-nothing')
})

test('two clients chat, by the frame that the lab gives, under their names on the wire', async () => {
  const { putUp, view, joins, heard } = opened
  await putUp('The wrong permissions', 'solution')
  await view('Try it')
  const [ana, ben] = await joins(2)
  await button('{"action":"sendMessage","text":"hello"}').click()
  await button(`${ana} says it`).click()
  await heard(ben!, '{"text":"hello"}')
  await heard(ana!, '{"text":"hello"}')
  await view('Wire')
  await wire().getByText(`${ana} → sendMessage: {"action":"sendMessage","text":"hello"}`).waitFor()
  await wire().getByText(`${ben} hears: {"text":"hello"}`).waitFor()
})

test('a frame full of markup is text, in Try it and on the wire', async () => {
  const { page, view, say, heard, violations } = opened
  await view('Try it')
  const text = '<script>document.title="owned"</script><img src=x onerror="document.title=1">'
  await say('ana', JSON.stringify({ action: 'sendMessage', text }))
  await heard('ben', '<script>')
  expect(await violations()).toEqual([])
  await picture(page, 'try')
  await view('Wire')
  await page.getByLabel('Filter the wire by text').fill('onerror')
  await wire().locator('.chip').getByText('<script>', { exact: false }).first().waitFor()
  await wire().getByRole('option').first().click()
  await page.getByRole('complementary').getByText('<script>', { exact: false }).first().waitFor()
  expect(await page.locator('main script, main img').count()).toBe(0)
  expect(await page.title()).toBe('Wire · Workbench')
})

test('a frame is sent again, edited', async () => {
  const { page, heard } = opened
  await button('Send again, edited').click()
  const frame = page.getByLabel('Frame')
  expect(await frame.inputValue()).toContain('onerror')
  await frame.fill((await frame.inputValue()).replace(/"text":.*/, '"text":"edited"}'))
  await button('ana says it').click()
  await heard('ben', '{"text":"edited"}')
})

test('the server closes a client that has said nothing yet', async () => {
  const { page, joins } = opened
  const [name] = await joins(1)
  const card = page.getByRole('region', { name: `Client ${name}` })
  await card.getByRole('button', { name: 'Server closes' }).click()
  await card.getByText('closed: 1000', { exact: false }).waitFor()
})

test('a crowd connects, speaks in turn and at once, and leaves', async () => {
  const { page, violations } = opened
  await page.getByLabel('A crowd of').fill('12')
  await button('Connect it').click()
  const crowd = page.getByRole('region', { name: 'A crowd of 12' })
  await crowd.getByText('12 open').waitFor()
  await page.getByLabel('Frame').fill('{"action":"sendMessage","text":"I am {n}"}')
  await crowd.getByRole('button', { name: 'In turn' }).click()
  // Everybody hears everybody: twelve times fourteen who are connected, and twelve of these in the crowd.
  await crowd.getByText('sent 12 · heard 144').waitFor()
  await crowd.getByRole('button', { name: 'All say it' }).click()
  await crowd.getByText('sent 24', { exact: false }).waitFor()
  expect(await violations()).toEqual([])
  await picture(page, 'crowd')
  await crowd.getByRole('button', { name: 'Close all' }).click()
  await crowd.getByText('0 open', { exact: false }).waitFor()
})

test('ten minutes pass, and the idle clients go', async () => {
  const { page } = opened
  await page.getByRole('region', { name: 'Client ana' }).and(page.locator('.open')).waitFor()
  await button('Ten minutes pass').click()
  for (const name of ['ana', 'ben'])
    await page
      .getByRole('region', { name: `Client ${name}` })
      .getByText('closed: 1001 Going away')
      .waitFor()
})

test('a test user signs in, and is heard under that name; nobody else gets in', async () => {
  const { page, putUp, view, joins, say, heard, violations } = opened
  await putUp('Authentication', 'solution')
  await view('Try it')
  expect(await page.getByLabel('Query').inputValue()).toBe('token={idToken}')
  await button('Connect a client').click()
  await page.getByText('not let in; the wire shows the status').waitFor()
  await page.getByLabel('Test user').last().fill('Zoë')
  await button('Make and sign in').click()
  await page.getByText('Zoë has signed in.', { exact: false }).waitFor()
  const [name] = await joins(1)
  await say(name!, '{"action":"sendMessage","text":"it is me"}')
  await heard(name!, '"from":"Zoë"')
  // The user is in the pool now: the same button signs in somebody who is there.
  await button(/^Sign in$/).waitFor()
  expect(await violations()).toEqual([])
  await picture(page, 'sign-in')
})

test('a handshake that IAM guards is signed, and a backend is told how many heard it', async () => {
  const { page, putUp, view, joins, say, heard } = opened
  await putUp('Notifications', 'solution')
  await view('Try it')
  const stage = page.getByLabel('Stage')
  const choose = async (output: string) => {
    const label = await stage
      .locator('option')
      .filter({ hasText: `${output}: ` })
      .first()
      .textContent()
    await stage.selectOption({ label: label! })
  }
  await choose('Url')
  const [waits] = await joins(1)
  const frames = await page.locator('.template').allTextContents()
  await say(waits!, frames.find(text => text.includes('"frontend"'))!)
  await heard(waits!, '"registered"')
  await choose('BackendUrl')
  expect(await page.getByLabel('Sign the handshake', { exact: false }).isChecked()).toBe(true)
  const [backend] = await joins(1)
  await say(backend!, frames.find(text => text.includes('"backend"'))!)
  await heard(backend!, '"delivered":1')
  await heard(waits!, '42 pages')
})
