import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Opened, openPage } from './opened.fixture.ts'
import { picture } from './pictures.fixture.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPage()
})
afterAll(() => opened?.close())

/** Goes to a part of Inside. */
async function look(name: string): Promise<void> {
  const { page, view } = opened
  await view('Inside')
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('region', { name, exact: true }).waitFor()
}
const cli = (text: string) => opened.page.locator('.cli code').filter({ hasText: text }).first().waitFor()

test('the routes that a stage does not serve, although they are defined, stand out', async () => {
  const { page, putUp, violations } = opened
  await putUp('Not on the stage', 'starter')
  await look('Routes')
  await page.getByRole('cell', { name: '✕ not deployed' }).first().waitFor()
  await cli('aws apigatewayv2 get-routes')
  expect(await violations()).toEqual([])
  await picture(page, 'routes')
})

test('tables with their rows, as clients come', async () => {
  const { page, putUp, view, joins, violations } = opened
  await putUp('GraphQL subscriptions', 'solution')
  await view('Try it')
  await joins(2)
  await look('Tables')
  await cli('aws dynamodb scan --table-name')
  expect(await violations()).toEqual([])
  await picture(page, 'inside-tables')
})

test('functions with what they logged, searched', async () => {
  const { page, violations } = opened
  await look('Functions and logs')
  await page
    .getByRole('group', { name: 'Function' })
    .getByRole('button', { name: 'connect', exact: true })
    .click()
  await page
    .getByRole('region', { name: 'Log', exact: true })
    .getByText('START RequestId', { exact: false })
    .waitFor()
  await page.getByLabel('Search the log').fill('no such words')
  await page.getByText('No lines.').waitFor()
  await page.getByLabel('Search the log').fill('')
  await cli('aws logs tail')
  expect(await violations()).toEqual([])
  await picture(page, 'inside-functions')
})

test('topics and queues, and a message that waits in one', async () => {
  const { page, violations } = opened
  await look('Topics')
  await cli('aws sns list-subscriptions-by-topic')
  expect(await violations()).toEqual([])
  await picture(page, 'inside-topics')
  await look('Queues')
  await page.getByRole('button', { name: 'Receive up to ten' }).first().click()
  await page.getByText('None can be received now.').first().waitFor()
  await cli('aws sqs receive-message')
  expect(await violations()).toEqual([])
  await picture(page, 'inside-queues')
})

test('roles with their policies, and IAM’s answer with the statement that it stands on', async () => {
  const { page, violations } = opened
  await look('Roles')
  const question = page.locator('form.question')
  await question.getByLabel('Role').selectOption({ label: 'converseServiceRole' })
  const ask = async (action: string, resource: string) => {
    await question.getByLabel('Action').fill(action)
    await question.getByLabel('Resource').fill(resource)
    await question.getByRole('button', { name: 'Ask IAM' }).click()
  }
  await ask('s3:DeleteBucket', '*')
  await question.getByText('✕ No. No statement of the role allows it.').waitFor()
  const topic = await page
    .locator('#resources option')
    .evaluateAll(options =>
      options.map(option => (option as any).value).find(value => value.startsWith('arn:aws:dynamodb:')),
    )
  await ask('dynamodb:PutItem', topic)
  await question.getByText('✓ Yes.', { exact: false }).waitFor()
  await question
    .locator('pre')
    .filter({ hasText: 'Allow  ' })
    .filter({ hasText: 'dynamodb:PutItem' })
    .waitFor()
  await cli('aws iam simulate-principal-policy')
  expect(await violations()).toEqual([])
  await picture(page, 'inside-roles')
})
