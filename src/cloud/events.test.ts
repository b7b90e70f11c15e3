import { expect, test } from 'vitest'
import { stillClock } from './clock.ts'
import { eventStream } from './events.ts'

const frame = (text: string) =>
  ({ kind: 'frame', direction: 'in', apiId: 'a', stage: 's', connectionId: 'c', text }) as const

test('events are dated, counted, kept, and told to those who listen at the time', () => {
  let now = 5
  const events = eventStream(() => now)
  const heard: string[] = []
  events.emit(frame('before'))
  const stop = events.subscribe(event => event.kind === 'frame' && heard.push(event.text))
  now = 6
  events.emit(frame('during'))
  stop()
  events.emit(frame('after'))
  expect(heard).toEqual(['during'])
  expect(events.history().map(({ at, id }) => [at, id])).toEqual([
    [5, 0],
    [6, 1],
    [6, 2],
  ])
})

test('a flood is kept to its last ten thousand', () => {
  const events = eventStream(() => 0)
  for (let count = 0; count < 25_000; count++) events.emit(frame(String(count)))
  expect(events.history()).toHaveLength(10_000)
  expect(events.history().at(-1)).toMatchObject({ text: '24999' })
})

test('of long texts fewer are kept', () => {
  const events = eventStream(() => 0)
  const megabyte = 'x'.repeat(1024 * 1024)
  for (let count = 0; count < 100; count++) events.emit(frame(`${count} ${megabyte}`))
  expect(events.history().length).toBeLessThan(33)
  expect(events.history().at(-1)).toMatchObject({ text: `99 ${megabyte}` })
})

test('what an event makes happen has its id, in whatever is awaited or set going, and nothing else has', async () => {
  const clock = stillClock(0)
  const events = eventStream(clock.now)
  const root = events.emit(frame('root'))
  await events.causing(root, async () => {
    events.emit(frame('at once'))
    clock.after(1000, () => events.emit(frame('later')))
    await new Promise(setImmediate)
    const deeper = events.emit(frame('after a while'))
    events.causing(deeper, () => events.emit(frame('deeper')))
    events.causing(undefined, () => events.emit(frame('by nothing')))
  })
  events.emit(frame('besides'))
  clock.advance(1000)
  const causes = events.history().map(event => [event.kind === 'frame' && event.text, event.causedBy])
  expect(Object.fromEntries(causes)).toEqual({
    root: undefined,
    'at once': 0,
    'after a while': 0,
    deeper: 2,
    'by nothing': undefined,
    besides: undefined,
    later: 0,
  })
})
