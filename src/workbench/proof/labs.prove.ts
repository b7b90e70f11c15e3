import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Opened, openPage } from './opened.fixture.ts'
import { picture } from './pictures.fixture.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPage()
})
afterAll(() => opened?.close())

const button = (name: string | RegExp) => opened.page.getByRole('button', { name })

test('lab 0, in which nothing is wrong, is well and not fixed', async () => {
  const { page, lab, check } = opened
  await lab('Look around')
  await page.getByRole('heading', { name: 'Lab 0: look around' }).waitFor()
  expect(await button('Put the solution up').count()).toBe(0)
  await check('All is well')
  await button('What you have seen').click()
  await page.getByRole('heading', { name: 'What you have seen' }).waitFor()
  await page
    .getByRole('navigation', { name: 'Labs' })
    .getByText(/^done on/)
    .waitFor()
  expect(await page.getByText(/\bfixed\b/i).count()).toBe(0)
})

test('lab 1 is done from the page: read, take a hint, check, edit the file, and see it turn green', async () => {
  const { page, lab, view, check, house, violations } = opened
  await lab('The missing route')
  await view('Lab')
  await page.getByRole('heading', { name: 'Lab 1: the missing route' }).waitFor()
  await button('Give me a hint').click()
  await page.getByText('1 of 3 given').waitFor()
  expect(await violations()).toEqual([])
  await picture(page, 'lab')

  await check('Not fixed yet')
  await page.getByText('starter/lab1-missing-route/stack.ts').first().waitFor()
  await page.getByLabel('Check on save').check()
  // The box is ticked at once, and the folder is watched a moment later.
  await page.getByText('starter/lab1-missing-route is watched').waitFor()

  const stack = (room: string) => join(house.directory, room, 'lab1-missing-route', 'stack.ts')
  copyFileSync(stack('solutions'), stack('starter'))
  await page
    .locator('.sum b')
    .filter({ hasText: /^Fixed$/ })
    .waitFor()
  await page.getByLabel('Check on save').uncheck()
  expect(await violations()).toEqual([])
  await picture(page, 'fixed')
  await button('What was wrong, and why').click()
  await page.getByRole('heading', { name: 'What was wrong' }).first().waitFor()
  expect(await violations()).toEqual([])
  await picture(page, 'read')
  await view('Check')
  await button('Compare with the solution').click()
  await button('Compare with the solution').click()
  await page.getByText('Your starter is the solution, to the letter.').waitFor()
})

test('the step that is under way is named and timed, and what cannot be done meanwhile says why', async () => {
  const { page, lab, view } = opened
  await lab('The wrong permissions')
  await view('Check')
  await page.getByRole('region', { name: 'Check' }).getByRole('button', { name: 'Check' }).click()
  await page.locator('.sum .step').getByText('compiling and synthesizing').waitFor()
  await page
    .locator('.sum .step .since')
    .getByText(/\d m?s/)
    .waitFor()
  await page
    .getByTitle('Not now: One thing at a time: lab2-wrong-permissions is being checked.')
    .first()
    .waitFor()
  await page.locator('.sum .step').getByText('trying: ', { exact: false }).waitFor()
  await page.locator('.sum b').filter({ hasText: 'Not fixed yet' }).waitFor()
})

test('the denial of lab 2 is found on the wire from its line of evidence, with the policy that lacks it', async () => {
  const { page, violations } = opened
  expect(await violations()).toEqual([])
  await picture(page, 'check')
  // The words are the server's. Which they are depends on the machine: an editor, or a link for one.
  await button('Open in the editor').first().click()
  await page
    .locator('.opened')
    .getByText(/has it|Open it in VS Code/)
    .first()
    .waitFor()
  await page
    .getByRole('list', { name: 'Evidence' })
    .getByRole('button', { name: 'AccessDeniedException', exact: false })
    .click()
  const panel = page.getByRole('complementary', { name: 'The event' })
  await panel
    .getByText('sendMessage is denied dynamodb:Scan on table/Connections', { exact: false })
    .waitFor()
  await panel.getByText('Nothing in it is about dynamodb.').waitFor()
  expect(await panel.locator('pre').filter({ hasText: 'aws iam simulate-principal-policy' }).count()).toBe(1)
  expect(await violations()).toEqual([])
  await picture(page, 'wire')
})

test('what is allowed shows the statement that allows it', async () => {
  const { page } = opened
  await page
    .getByRole('listbox')
    .getByRole('option')
    .filter({ hasText: 'connect may dynamodb:PutItem' })
    .first()
    .click()
  const panel = page.getByRole('complementary', { name: 'The event' })
  const statement = panel.locator('section').filter({ hasText: 'The statement that allows it' })
  await statement.getByText('dynamodb:PutItem', { exact: false }).waitFor()
  await statement.getByText('on table/Connections'.replace('on ', 'on  '), { exact: false }).waitFor()
})

test('a range that is chosen on the wire narrows the other views, which say so', async () => {
  const { page, view } = opened
  const stories = page.locator('.finding .story')
  await view('Check')
  await page.getByText('Only what happened from', { exact: false }).waitFor()
  expect(await stories.count()).toBe(1)
  await view('Wire')
  await page.getByRole('slider', { name: 'To' }).focus()
  for (let times = 0; times < 60; times += 1) await page.keyboard.press('ArrowLeft')
  await page.getByRole('slider', { name: 'From' }).focus()
  await page.keyboard.press('Home')
  await page.getByRole('slider', { name: 'To' }).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await view('Check')
  await page.getByText('It was tried outside the time that is chosen on the wire.').waitFor()
  await button('Show all').click()
  await stories.first().waitFor()
})
