import { type Criterion, type Scene, Unmet } from '#kit'
import { timeToLive } from '../../lab4-stale-connections/expiry.ts'
import { paced } from '../../pace.ts'
import { rows } from '../../rows.ts'
import { afterActOne } from '../after-act-one.ts'
import { whereItRegisters } from '../meanings.ts'
import { backend, publishes, registers, topic } from '../people.ts'
import { type Registered, registered, text } from '../registrations.ts'

/** The longest a connection lives, and as long as a row may stay after it was written, in seconds (facts: A36). */
const LONGEST_LIFE = 2 * 60 * 60
const LONGEST_STAY = 25 * 60 * 60

/** So often the same is waited for: an end that moves on by two hours each time lies days away then. */
const AGAIN = 15

/** Every row of a connection has an end: of its first registration and of later ones, also after it has heard something. */
export const registrationsExpire: Criterion = {
  id: 'registrations-expire',
  says: 'Every registration expires, but not before its connection can have ended',
  hint: 'docs/notifications.md#rows-that-expire',
  after: afterActOne,
  async probe(scene) {
    const [first, second] = [topic(scene), topic(scene)]
    const ana = await registered(scene, 'ana', first)
    const attribute = await timeToLive(scene)
    await expire(scene, ana, attribute)
    await registers(ana.client, second)
    await registers(ana.client, first)
    await expire(scene, ana, attribute)
    await publishes(await backend(scene), first, scene.nonce(), 1)
    await registers(ana.client, first)
    await expire(scene, ana, attribute)
    for (let again = 0; again < AGAIN; again += 1) await paced(registers(ana.client, first))
    await expire(scene, ana, attribute)
  },
  diagnoses: [
    {
      when: /it is DISABLED/,
      means: 'A row stays until something deletes it, and $disconnect is not guaranteed.',
      where: { resource: 'AWS::DynamoDB::Table' },
    },
    {
      when: /it is [\d,]{12,} minutes/,
      means: 'That is the right number for milliseconds. DynamoDB counts in seconds.',
      where: whereItRegisters,
    },
    {
      when: /it is -?\d+ minutes/,
      means:
        'A connection may live for two hours. This row goes while its client is still waiting, and from then on they wait in vain.',
      where: whereItRegisters,
    },
    {
      when: /it is [\d,]+ minutes/,
      means: 'That is more than a day: the row stays long after its connection has ended.',
      where: whereItRegisters,
    },
    { means: 'The rows of those who are gone stay.', where: whereItRegisters },
  ],
}

/** Holds if all rows that have the connection's id expire in time. Throws `Unmet`. */
async function expire(
  scene: Scene,
  { client, id, connectedAt }: Registered,
  attribute: string,
): Promise<void> {
  for (const row of await rows(scene)) {
    if (!text(row).includes(id)) continue
    const { N: seconds } = row[attribute] ?? {}
    if (seconds === undefined) {
      throw new Unmet({
        expected: `each row of ${client.name} to have a number, ${attribute}`,
        observed: `the row: ${text(row)}`,
      })
    }
    const after = Number(seconds) - connectedAt
    if (after >= LONGEST_LIFE && after <= LONGEST_STAY) continue
    throw new Unmet({
      expected: `${attribute} to be at least 2 hours after ${client.name} connected, and a day at most, in seconds since 1970`,
      observed: `it is ${Math.round(after / 60).toLocaleString('en')} minutes after that`,
    })
  }
}
