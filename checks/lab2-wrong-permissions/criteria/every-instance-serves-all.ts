import { type Client, type Criterion, type Scene, Unmet } from '#kit'
import { unanswered } from '../../answers.ts'
import { refused } from '../../handshake.ts'
import { failures, forbidden, inMemory, throttled, unknownToInstance } from '../../meanings.ts'
import { isAmong, type Row, rows } from '../../rows.ts'
import { heardTwice, something, talk } from '../../talk.ts'
import { newRows } from '../guests.ts'

/** While each event goes to another instance of its function: what one instance keeps in memory, the next does not know. */
export const everyInstanceServesAll: Criterion = {
  id: 'every-instance-serves-all',
  says: 'It does not matter which instance of a function runs',
  hint: 'docs/routes.md#what-a-function-keeps',
  after: ['everybody-hears', 'leaving-takes-you-off-the-list'],
  probe: scene =>
    scene.spread(
      async together => {
        const { says, wasHeardOnce } = talk()
        const come = (...names: string[]) => together(...names.map(name => () => scene.connect(name)))
        const before = await rows(scene)
        const people = [...(await come('ana', 'ben')), ...(await come('cyd', 'dan'))]
        const [ana, ben, cyd, dan] = people as [Client, Client, Client, Client]
        // Rows that were there before may go at any time: those of clients that are no longer connected.
        const list = await newRows(scene, before, 4, 'ana, ben, cyd and dan')

        for (const speaker of [dan, ana, ben]) await says(speaker, people)
        await together(...people.map(speaker => () => says(speaker, people)))
        await wasHeardOnce(people)

        // One leaves while another one comes.
        const [eve] = await together(
          () => scene.connect('eve'),
          () => ben.leave().then(() => ana),
        )
        await oneIsGone(scene, list)
        const present = [ana, cyd, dan, eve!]
        for (const speaker of [eve!, cyd]) await says(speaker, present)
        await wasHeardOnce(present)
      },
      { size: 8, says: { action: 'sendMessage', text: something() } },
    ),
  diagnoses: [
    forbidden,
    throttled,
    ...refused,
    ...failures,
    unknownToInstance,
    heardTwice,
    {
      when: /^\{"text":/,
      means: 'Something came, but not what was said. It may come from the memory of another instance.',
    },
    ...unanswered,
    inMemory,
  ],
}

/** Waits until one of these rows is gone. Throws `Unmet`, also when more are. */
async function oneIsGone(scene: Scene, list: readonly Row[]): Promise<void> {
  const ask = async () => {
    const now = await rows(scene)
    const missing = list.filter(row => !isAmong(now, row))
    return missing.length > 0 ? missing : undefined
  }
  const gone = await scene.eventually('the row of ben, who left, to be gone from the table', ask, {
    stays: true,
  })
  if (gone.length === 1) return
  throw new Unmet({
    expected: 'one row to be gone, that of ben, who left',
    observed: `${gone.length} rows were gone`,
  })
}
