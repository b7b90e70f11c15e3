import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { callMeeting } from './meeting.ts'

/** A task that notes what happens, and ends when it is told to. */
function party(meeting: ReturnType<typeof callMeeting>, id: string, happened: string[], isGoodbye = false) {
  let end = () => {}
  const ending = new Promise<void>(resolve => {
    end = resolve
  })
  const done = meeting.attend(
    id,
    async () => {
      happened.push(`${id} began`)
      await ending
    },
    isGoodbye,
  )
  const holds = () => {
    const held = meeting.hold(id)
    void held?.then(() => happened.push(`${id} goes on`))
    return held
  }
  return { done, holds, end }
}

test('nobody begins before everybody is there, and nobody goes on before everybody is held', async () => {
  const happened: string[] = []
  const meeting = callMeeting(2)
  const ana = party(meeting, 'ana', happened)
  await turn()
  expect(happened).toEqual([])
  const ben = party(meeting, 'ben', happened)
  expect(meeting.isGathering).toBe(false)
  await turn()
  expect(happened.splice(0)).toEqual(['ana began', 'ben began'])
  for (let round = 0; round < 2; round += 1) {
    ana.holds()
    await turn()
    expect(happened).toEqual([])
    ben.holds()
    await turn()
    expect(happened.splice(0)).toEqual(['ana goes on', 'ben goes on'])
  }
})

test('who is done is waited for no more, and what belongs to nobody who takes part is never held', async () => {
  const happened: string[] = []
  const meeting = callMeeting(2)
  const [ana, ben] = [party(meeting, 'ana', happened), party(meeting, 'ben', happened)]
  await turn()
  ana.holds()
  expect(meeting.hold('cyd')).toBeUndefined()
  ben.end()
  await ben.done
  await turn()
  expect(happened).toContain('ana goes on')
  expect(ben.holds()).toBeUndefined()
})

test('two requests of one connection are held when both are', async () => {
  const happened: string[] = []
  const meeting = callMeeting(2)
  const [one, other] = [party(meeting, 'ana', happened), party(meeting, 'ana', happened)]
  await turn()
  one.holds()
  await turn()
  expect(happened).not.toContain('ana goes on')
  other.holds()
  await turn()
  expect(happened.filter(line => line === 'ana goes on')).toHaveLength(2)
})

test('with one who is through, or at its end, those who are there begin', async () => {
  for (const goOn of ['through', 'end'] as const) {
    const happened: string[] = []
    const meeting = callMeeting(3)
    party(meeting, 'ana', happened)
    party(meeting, 'ben', happened)
    await turn()
    expect(happened).toEqual([])
    meeting[goOn]()
    await turn()
    expect(happened).toEqual(['ana began', 'ben began'])
    expect(meeting.isGathering).toBe(false)
  }
})

test('goodbyes meet, though those who say them are through before they have come', async () => {
  const happened: string[] = []
  let leaving = 2
  const meeting = callMeeting(2, () => leaving > 0)
  meeting.through()
  meeting.through()
  expect(meeting.isGathering).toBe(true)
  for (const id of ['ana', 'ben']) {
    await turn()
    expect(happened).toEqual([])
    leaving -= 1
    party(meeting, id, happened, true)
  }
  await turn()
  expect(happened).toEqual(['ana began', 'ben began'])
})

test('a goodbye and a request meet, whichever comes first, and a request meets nobody who sends none', async () => {
  for (const order of [
    ['goodbye', 'request'],
    ['request', 'goodbye'],
  ]) {
    const happened: string[] = []
    let isLeaving = true
    const meeting = callMeeting(2, () => isLeaving)
    meeting.through()
    for (const kind of order) {
      await turn()
      expect(happened).toEqual([])
      if (kind === 'goodbye') isLeaving = false
      party(meeting, kind!, happened, kind === 'goodbye')
    }
    await turn()
    expect(happened).toHaveLength(2)
  }
  const happened: string[] = []
  const meeting = callMeeting(2)
  party(meeting, 'ana', happened)
  meeting.through()
  await turn()
  expect(happened).toEqual(['ana began'])
})
