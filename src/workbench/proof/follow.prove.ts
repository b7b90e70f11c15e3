import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireEvent } from '../model/protocol.ts'
import { type Opened, openPage } from './opened.fixture.ts'
import { picture } from './pictures.fixture.ts'

let opened: Opened
beforeAll(async () => {
  opened = await openPage()
})
afterAll(() => opened?.close())

const button = (name: string | RegExp) => opened.page.getByRole('button', { name })
const wire = () => opened.page.getByRole('listbox')
const HEARD = '"message":{"content":"to each"}'

/** What the wire shows, as *Export* saves it. */
async function exported(): Promise<readonly WireEvent[]> {
  const saving = opened.page.waitForEvent('download')
  await button('Export').click()
  return JSON.parse(readFileSync(await (await saving).path(), 'utf8'))
}

test('one message of lab 6 goes from the topic to each of its subscribers', async () => {
  const { page, putUp, view, joins, say, heard } = opened
  await putUp('GraphQL subscriptions', 'solution')
  await view('Try it')
  expect(await page.getByLabel('Subprotocol').inputValue()).toBe('graphql-transport-ws')
  const names = await joins(2)
  for (const name of names) {
    await say(name, '{"type":"connection_init"}')
    await heard(name, 'connection_ack')
    await say(
      name,
      '{"id":"1","type":"subscribe","payload":{"query":"subscription { message { content } }"}}',
    )
  }
  await view('Wire')
  // A subscription is answered with nothing. What it wrote is on the wire.
  await page.getByLabel('Filter the wire by text').fill('Subscriptions')
  await wire().getByText('PutItem', { exact: false }).nth(1).waitFor()
  await view('Try it')
  await say(
    names[0]!,
    '{"id":"2","type":"subscribe","payload":{"query":"mutation { say(content: \\"to each\\") { sentAt } }"}}',
  )
  for (const name of names) await heard(name, '"content":"to each"')
  await view('Wire')
  await page.getByLabel('Filter the wire by text').fill('mutation')
  await wire().getByRole('option').filter({ hasText: '→' }).first().click()
  await button('Follow this message').click()
  await page.getByText('Following one message').waitFor()
  // What comes last takes its time: it belongs to the tree as soon as it has come.
  await expect.poll(async () => (await exported()).filter(isHeard).length).toBe(2)
})

const isHeard = (event: WireEvent): boolean =>
  event.kind === 'frame' && event.direction === 'out' && event.text.includes(HEARD)

test('each of the two frames has the topic among its causes, and the client’s frame at the beginning', async () => {
  const events = await exported()
  const byId = new Map(events.map(event => [event.id, event]))
  const topics = events.filter(({ kind }) => kind === 'published')
  expect(topics).toHaveLength(1)
  for (const frame of events.filter(isHeard)) {
    const way: WireEvent[] = []
    for (let one = byId.get(frame.causedBy ?? -1); one; one = byId.get(one.causedBy ?? -1)) way.unshift(one)
    expect(way[0]).toMatchObject({
      kind: 'frame',
      direction: 'in',
      text: expect.stringContaining('mutation'),
    })
    const kinds = way.map(({ kind }) => kind)
    expect(way.map(({ id }) => id)).toContain(topics[0]!.id)
    expect(kinds.indexOf('message')).toBeGreaterThan(kinds.indexOf('published'))
    expect(kinds.lastIndexOf('invoke')).toBeGreaterThan(kinds.indexOf('message'))
  }
})

test('the page shows the same: the topic, and the frame to each', async () => {
  const { page, violations } = opened
  await page.getByLabel('Filter the wire by text').fill('')
  const rows = () => wire().getByRole('option')
  await page.getByLabel('Filter the wire by text').fill('The topic')
  expect(await rows().count()).toBe(1)
  await page.getByLabel('Filter the wire by text').fill(HEARD)
  await expect.poll(() => rows().filter({ hasText: 'hears:' }).count()).toBe(2)
  await page.getByLabel('Filter the wire by text').fill('')
  expect(await violations()).toEqual([])
  await picture(page, 'follow')
})
