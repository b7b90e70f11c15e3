import { afterAll, expect, test } from 'vitest'
import { aMessage, publish } from '../checks/newsroom/messages.ts'
import { subscriber } from '../checks/newsroom/subscriber.ts'
import { lab6 } from '../labs/lab6-graphql-subscriptions/lab.ts'
import type { CloudEvent } from './cloud/events.ts'
import { startGuardian } from './cloud/guardian.ts'
import { openScene } from './probe/scene.ts'
import { assemble, onItsOwn } from './run/assemble.ts'
import { findSource } from './run/source.ts'
import { workspace } from './run/workspace.ts'
import { localTarget } from './targets/local.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())

const inRoom = (room: string) => ({
  query: 'subscription InRoom($room: ID!) { message(room: $room) { content } }',
  variables: { room },
})

/** Nobody here causes these: a client does, or time. */
const FROM_OUTSIDE = new Set(['knock', 'frame', 'close', 'call', 'resource', 'alarm'])

test('one publish of lab 6 is one tree, which ends at the frame of each subscriber', async () => {
  const folder = workspace(guardian, 'causes')
  const source = await findSource(lab6, { kind: 'solution' }, folder)
  const { assembly } = await assemble(source, lab6, folder, guardian, onItsOwn(guardian))
  const target = await localTarget(guardian)
  const deployment = await target.deploy(assembly)
  const { scene, close } = openScene(deployment)
  const { events } = target.cloud
  try {
    const shows = ({ content }: { content: string }) => ({ message: { content } })
    const everybody = ['ana', 'ben', 'cyd'].map(name =>
      subscriber(scene, name).subscribe(inRoom('lobby'), shows),
    )
    for (const one of everybody) await one.listens('lobby')
    await deployment.settled?.()

    const before = events.history().at(-1)!.id
    const message = aMessage(scene, 'lobby', scene.nonce())
    await publish(scene, message)
    for (const one of everybody) await one.hears(message)
    await deployment.settled?.()

    const after = events.history().filter(event => event.id > before)
    const [root, ...others] = after.filter(
      event => event.kind === 'call' && event.operation.startsWith('Publish'),
    )
    expect(others).toEqual([])
    const told = after.filter(event => isFrameWith(event, message.content))
    expect(told).toHaveLength(3)
    for (const frame of told) expect(ancestors(frame, after).at(-1)).toEqual(root)
    const kinds = new Set(told.flatMap(frame => ancestors(frame, after).map(({ kind }) => kind)))
    expect([...kinds].sort()).toEqual(['call', 'invoke', 'message', 'published'])

    const orphans = after.filter(event => event.causedBy === undefined && !FROM_OUTSIDE.has(event.kind))
    expect(orphans).toEqual([])
  } finally {
    await close()
    await deployment.destroy()
    await target.stop()
  }
})

const isFrameWith = (event: CloudEvent, text: string) =>
  event.kind === 'frame' && event.direction === 'out' && event.text.includes(text)

/** What caused an event, and what caused that, up to what nothing caused. */
function ancestors({ causedBy }: CloudEvent, among: readonly CloudEvent[]): CloudEvent[] {
  const cause = among.find(event => event.id === causedBy)
  return cause ? [cause, ...ancestors(cause, among)] : []
}
