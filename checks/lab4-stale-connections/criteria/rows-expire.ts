import { type Criterion, type Scene, Unmet } from '#kit'
import { talk } from '../../talk.ts'
import { expiresAfter, timeToLive } from '../expiry.ts'
import { asItIsNow, type Guest, guests } from '../list.ts'
import { theTable } from '../room.ts'

const HOUR = 60 * 60
/** No connection lives longer, in seconds (facts: A36). */
const LONGEST_LIFE = 2 * HOUR
/** A row that stays longer than this after it was written is as good as one that stays, in seconds: a day and a little. */
const LONGEST_STAY = 25 * HOUR

/** Looked at when a client has come, and again when it and others have said and done everything that makes a function run. */
export const rowsExpire: Criterion = {
  id: 'rows-expire',
  says: 'Every row expires, but not before its connection can have ended',
  hint: 'docs/stale-connections.md#rows-that-expire',
  after: ['door-opens'],
  async probe(scene) {
    const [ana, ben, cyd] = (await guests(scene, 'ana', 'ben', 'cyd')) as [Guest, Guest, Guest]
    const attribute = await timeToLive(scene)
    for (const one of [ana, ben]) await expires(scene, one, attribute, 'is')

    const { says, wasHeardOnce } = talk()
    for (const message of ['still here', '{}', '{"action":"heartbeat"}']) ana.client.send(message)
    await cyd.client.leave()
    await says(ana.client, [ana.client, ben.client])
    ana.client.send('still here')
    await wasHeardOnce([ana.client, ben.client])
    scene.did('the check read the rows again')
    for (const one of [ana, ben]) await expires(scene, await asItIsNow(scene, one), attribute, 'is now')
  },
  diagnoses: [
    {
      when: /it is DISABLED/,
      means: 'A row stays until something deletes it, and $disconnect is not guaranteed.',
      where: theTable,
    },
    {
      when: /it is \d{2},\d{3},\d{3} days/,
      means: 'That is the right number for milliseconds. DynamoDB counts in seconds.',
      where: theTable,
    },
    {
      when: /it is (?:now )?-?\d+ minutes/,
      means:
        'A connection may live for two hours. This row goes while the client is still there, and from then on they hear nothing.',
      where: theTable,
    },
    {
      when: /the row now: /,
      means:
        'The row would have expired when the client had connected. What it said or did since has had the row written anew, without the attribute.',
      where: theTable,
    },
    {
      when: /the row: /,
      means:
        'The table knows by which attribute its rows expire. This row does not have it, or not as a number, and so will never expire.',
      where: theTable,
    },
    {
      when: /it is now /,
      means:
        'When the client had connected its row was to expire in time. What it said or did since has moved that to a time when no connection can be there.',
      where: theTable,
    },
    {
      means: 'No connection lives that long: for most of that time the row belongs to no client.',
      where: theTable,
    },
  ],
}

async function expires(scene: Scene, guest: Guest, attribute: string, is: 'is' | 'is now'): Promise<void> {
  const seconds = await expiresAfter(scene, guest, attribute, is)
  if (seconds >= LONGEST_LIFE && seconds <= LONGEST_STAY) return
  throw new Unmet({
    expected: `${attribute} to be at least 2 hours after ${guest.client.name} connected, and a day at most, in seconds since 1970`,
    observed: `it ${is} ${inWords(seconds)} after that`,
  })
}

/** `90 minutes`, `26 hours`, `365 days`. */
function inWords(seconds: number): string {
  if (seconds < LONGEST_LIFE) return `${Math.round(seconds / 60)} minutes`
  if (seconds < 48 * HOUR) return `${Math.round(seconds / HOUR)} hours`
  return `${Math.round(seconds / HOUR / 24).toLocaleString('en')} days`
}
