import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Opened, openPage } from './opened.fixture.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPage()
})
afterAll(() => opened?.close())

/** The most times that somebody presses Tab to get anywhere. */
const MOST = 80

/** Presses Tab until the focus is on what has this name. No mouse is used in this file. */
async function tabTo(name: string | RegExp): Promise<void> {
  const { page } = opened
  const isIt = (label: string) => (typeof name === 'string' ? label.startsWith(name) : name.test(label))
  const seen: string[] = []
  for (let times = 0; times < MOST; times += 1) {
    await page.keyboard.press('Tab')
    const label = await page.evaluate(() => {
      const { activeElement } = (globalThis as any).document
      const labels = activeElement?.labels
      return (
        activeElement?.getAttribute('aria-label') ??
        (labels?.[0]?.textContent || activeElement?.textContent || '')
      ).trim()
    })
    if (isIt(label)) return
    seen.push(label)
  }
  expect.unreachable(`Tab does not reach ${name}. It passes: ${seen.join(' | ')}`)
}
async function press(name: string | RegExp): Promise<void> {
  await tabTo(name)
  await opened.page.keyboard.press('Enter')
}

test('the focus can be seen wherever it goes', async () => {
  const { page } = opened
  const invisible: string[] = []
  for (let times = 0; times < 40; times += 1) {
    await page.keyboard.press('Tab')
    const hidden = await page.evaluate(() => {
      const { document, getComputedStyle } = globalThis as any
      const element = document.activeElement
      if (element === document.body) return ''
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return outlineStyle === 'none' || outlineWidth === '0px' ? element.outerHTML.slice(0, 120) : ''
    })
    if (hidden) invisible.push(hidden)
  }
  expect(invisible).toEqual([])
})

test('lab 1 is done with the keyboard alone', async () => {
  const { page, house } = opened
  await press(/^1 · The missing route|^○1 · The missing route/)
  await page.getByRole('heading', { name: 'Lab 1: the missing route' }).waitFor()
  await press('Give me a hint')
  await page.getByText('1 of 3 given').waitFor()
  await press(/^Check lab 1/)
  await page.locator('.sum b').filter({ hasText: 'Not fixed yet' }).waitFor()
  const stack = (room: string) => join(house.directory, room, 'lab1-missing-route', 'stack.ts')
  copyFileSync(stack('solutions'), stack('starter'))
  await press('Check again')
  await page
    .locator('.sum b')
    .filter({ hasText: /^Fixed$/ })
    .waitFor()
})

test('the wire is filtered, walked, opened and followed with the keyboard alone', async () => {
  const { page } = opened
  const wire = page.getByRole('listbox')
  await press('Wire')
  await wire.waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('whoami')
  await tabTo('Events, oldest first')
  await page.keyboard.press('Home')
  const first = await wire.getAttribute('aria-activedescendant')
  await page.keyboard.press('ArrowDown')
  expect(await wire.getAttribute('aria-activedescendant')).not.toBe(first)
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'The event' })
  await panel.waitFor()
  await page.keyboard.press('f')
  await page.getByText('Following one message').waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.getByText('Following one message').waitFor({ state: 'detached' })
  const size = async () => Number(await wire.getByRole('option').first().getAttribute('aria-setsize'))
  const before = await size()
  await tabTo('From')
  for (let times = 0; times < 20; times += 1) await page.keyboard.press('ArrowRight')
  await expect.poll(size).toBeLessThan(before)
})

test('a client connects, speaks and is closed with the keyboard alone', async () => {
  const { page, heard } = opened
  await press('Try it')
  await press('Connect a client')
  await page.locator('.client.open').waitFor()
  await press('{"action":"message","text":"hello"}')
  await press('ana says it')
  await heard('ana', 'hello')
  await press(/^Close$/)
  await page.locator('.client.closed').waitFor()
})

test('what is inside is read with the keyboard alone', async () => {
  const { page } = opened
  await press('Inside')
  await press('Roles')
  await tabTo('Action')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('logs:PutLogEvents')
  await page.keyboard.press('Enter')
  await page.getByText('✓ Yes.', { exact: false }).waitFor()
})
