import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { afterAll, expect, test } from 'vitest'
import type { Scene } from '#kit'
import { lab4 } from '../../labs/lab4-stale-connections/lab.ts'
import { startGuardian } from '../../src/cloud/guardian.ts'
import { openScene } from '../../src/probe/scene.ts'
import { assemble } from '../../src/run/assemble.ts'
import { equipment } from '../../src/run/equipment.ts'
import { house } from '../../src/run/house.ts'
import { keptBrowser } from '../../src/run/kept-browser.ts'
import { findSource } from '../../src/run/source.ts'
import { workspace } from '../../src/run/workspace.ts'
import { localTarget } from '../../src/targets/local.ts'
import { linesWith } from '../function-logs.ts'
import { rows } from '../rows.ts'
import { guest, newcomer, text } from './list.ts'

/** What a tab does that shows a chat room. */
const PAGE = `new WebSocket(new URLSearchParams(location.search).get('room'))`

const guardian = startGuardian()
const browser = keptBrowser(guardian)
afterAll(async () => {
  await browser.close()
  await guardian.stop()
})

test('A33, A35, A40, A41: the page shows the four events as they are noted, and the four ends', async () => {
  const target = await localTarget(guardian)
  const folder = workspace(guardian, lab4.id)
  const source = await findSource(lab4, { kind: 'solution' }, folder)
  const { assembly } = await assemble(source, lab4, folder, guardian)
  const atHand = equipment(source.directory, browser, guardian)
  const { scene, close } = openScene(await target.deploy(assembly), atHand)

  const ana = await guest(scene, 'ana')
  const tab = await openTab(scene)
  const cyd = await guest(scene, 'cyd')
  const dan = await guest(scene, 'dan')
  ana.client.send({ action: 'sendMessage', text: 'hello' })
  await ana.client.hears({ text: 'hello' })
  ana.client.send('still here')
  await noted(scene, ana.id, 3)
  await ana.client.leave()
  await tab.close()
  const closedTab = await noted(scene, tab.id, 2)
  await scene
    .aws(ApiGatewayManagementApiClient, { endpoint: scene.callbackUrl })
    .send(new DeleteConnectionCommand({ ConnectionId: dan.id }))
  await dan.client.isClosed()
  scene.advanceClock(10 * 60_000 + 1)
  await cyd.client.isClosed()

  const life = named('Ana', ana.id, await noted(scene, ana.id, 4))
  const ends = [
    ...named('Ben', tab.id, closedTab).slice(-1),
    ...named('Cyd', cyd.id, await noted(scene, cyd.id, 2)).slice(-1),
    ...named('Dan', dan.id, await noted(scene, dan.id, 2)).slice(-1),
  ]
  await close()
  await target.stop()

  expect([life, ends]).toEqual(blocksUnder('## Four events'))
})

/** Opens a tab with a socket, and finds out which connection is its. */
async function openTab(scene: Scene) {
  const before = new Set((await rows(scene)).map(text))
  const page = await scene.page('ben', { script: PAGE, query: { room: scene.output('Url') } })
  const { id } = await newcomer(scene, 'ben', before)
  return { id, close: page.close }
}

/** What has been noted of a connection, in order, once there are that many lines. */
const noted = (scene: Scene, id: string, count: number): Promise<string[]> =>
  scene.eventually(`${count} lines about ${id}`, async () => {
    const lines = (await linesWith(scene, `"connectionId":"${id}"`)).map(
      line => /\{"connectionId".*\}/.exec(line)?.[0] ?? line,
    )
    return lines.length >= count ? lines.sort(inOrderOfEvents) : undefined
  })

const order = ['CONNECT', 'MESSAGE', 'DISCONNECT']
// Each function has a log of its own; of two messages, the route tells which came first.
const inOrderOfEvents = (a: string, b: string): number => rank(a) - rank(b)
const rank = (line: string): number => {
  const { eventType, routeKey } = JSON.parse(line)
  return order.indexOf(eventType) * 2 + (routeKey === '$default' ? 1 : 0)
}

/** The same lines with an id that says on the page whose it is. */
const named = (name: string, id: string, lines: readonly string[]): string[] =>
  lines.map(line => line.replace(id, `${name}4ceE2NjMCF7w=`))

/** The lines of the page's code blocks under a heading. */
function blocksUnder(heading: string): string[][] {
  const page = readFileSync(join(house, 'docs/stale-connections.md'), 'utf8')
  const section = page.slice(page.indexOf(`${heading}\n`)).split('\n## ')[0] ?? ''
  return [...section.matchAll(/^```json\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block.split('\n'))
}
