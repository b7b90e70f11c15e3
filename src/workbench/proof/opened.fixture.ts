import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright'
import { expect } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { openBrowser } from '../../run/browser.ts'
import { type SecondHouse, secondHouse } from '../../selfproof/second-house.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A workbench that runs in a house of its own, and its page in a real browser. */
export interface Opened {
  readonly house: SecondHouse
  readonly browser: Browser
  readonly page: Page
  /** The address as it was printed, with the token. */
  readonly url: URL
  /** Goes to a view by its link. */
  view(name: string): Promise<void>
  /** Chooses a lab. */
  lab(name: string): Promise<void>
  /** Puts the starter or the solution of a lab up, and waits until it is. */
  putUp(lab: string, what: 'starter' | 'solution'): Promise<void>
  /** Checks the chosen lab, and waits for what comes of it. */
  check(result: string): Promise<void>
  /** Connects so many clients in *Try it*, and answers with their names. */
  joins(count: number): Promise<string[]>
  /** Sends a frame in *Try it* as the client of this name. */
  say(name: string, text: string): Promise<void>
  /** Waits until a client in *Try it* has heard something with this text in it. */
  heard(name: string, text: string): Promise<void>
  /** What axe-core finds wrong with the page as it is, in both colour schemes. */
  violations(): Promise<string[]>
  close(): Promise<void>
}

/** Opens a workbench as `npm start` does; or with other arguments, as another command does. */
export async function openPage(...args: readonly string[]): Promise<Opened> {
  // One workbench serves all tests of a file, one after the other.
  const house = secondHouse({ limit: 10 * HANG })
  const running = house.start(...(args.length > 0 ? args : ['start']))
  const browser = await openBrowser()
  const said = await running.says(/token=\S+/)
  const url = new URL(/http:\S+token=\S+/.exec(said)![0])
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(HANG)
  page.on('pageerror', error => expect.unreachable(`the page failed: ${error.message}`))
  await page.goto(url.href)
  await page.getByRole('navigation', { name: 'Views' }).waitFor()
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  const opened: Opened = {
    ...{ house, browser, page, url },
    async view(name) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click()
    },
    async lab(name) {
      await page.getByRole('navigation', { name: 'Labs' }).getByRole('button', { name }).click()
    },
    async putUp(name, what) {
      await opened.lab(name)
      await opened.view('Lab')
      await button(`Put the ${what} up`).click()
      await page.getByText(`The ${what} is up.`).waitFor()
    },
    async check(result) {
      await opened.view('Check')
      await page
        .getByRole('region', { name: 'Check' })
        .getByRole('button', { name: /^Check/ })
        .click()
      await page.locator('.sum b').filter({ hasText: result }).waitFor()
    },
    async joins(count) {
      const open = page.locator('.client.open')
      const before = await open.count()
      for (let more = 0; more < count; more += 1) await button('Connect a client').click()
      await open.nth(before + count - 1).waitFor()
      const names = await open.locator('h2').allTextContents()
      return names.slice(before)
    },
    async say(name, text) {
      await page.getByLabel('Frame').fill(text)
      await button(`${name} says it`).click()
    },
    heard: (name, text) =>
      page
        .getByRole('region', { name: `Client ${name}` })
        .locator('.heard')
        .getByText(text, { exact: false })
        .first()
        .waitFor(),
    async violations() {
      const found: string[] = []
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme })
        // Not by a script tag: the page's policy forbids those.
        await page.evaluate(axe)
        const { violations } = await page.evaluate(() => (globalThis as any).axe.run())
        for (const { id, nodes } of violations)
          for (const { html, failureSummary } of nodes.slice(0, 3))
            found.push(`${colorScheme} ${id}: ${html} ${failureSummary}`)
      }
      return found
    },
    async close() {
      await browser.close()
      running.kill('SIGINT')
      const ended = await running.ended
      await house.remove()
      expect(ended.stderr).toBe('')
    },
  }
  return opened
}
