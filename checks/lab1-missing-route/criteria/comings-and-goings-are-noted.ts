import type { Client, Criterion, Scene } from '#kit'
import { linesWith } from '../../function-logs.ts'
import { post } from '../../management.ts'

export const comingsAndGoingsAreNoted: Criterion = {
  id: 'comings-and-goings-are-noted',
  says: 'The log notes when each connection begins and ends, by connection id',
  hint: 'docs/routes.md#connect-and-disconnect',
  after: ['whoami-is-true'],
  async probe(scene) {
    const known = wordsOf(await linesWith(scene, ''))
    // They say nothing: what is in the log of them was noted when they came.
    const ana = await scene.connect('ana')
    const ids = [await notedId(scene, ana, known)]
    const ben = await scene.connect('ben')
    ids.push(await notedId(scene, ben, known))
    await Promise.all([ana, ben].map(client => client.hearsNothing(() => false)))
    const came = await Promise.all(ids.map(async id => (await linesWith(scene, id)).length))

    await Promise.all([ana.leave(), ben.leave()])

    for (const [at, { name }] of [ana, ben].entries()) {
      await scene.eventually(`one more line with the id of ${name}, who left, in the log`, async () => {
        const { length } = await linesWith(scene, ids[at]!)
        return length > came[at]! || undefined
      })
    }
  },
  diagnoses: [
    {
      means:
        'The function that should log it was not called, or logs something other than the connection id.',
    },
  ],
}

/** The id under which the log notes that a client came: what is posted to it reaches that client. Adds what it tried to `known`. */
function notedId(scene: Scene, client: Client, known: Set<string>): Promise<string> {
  return scene.eventually(
    `a line with the id of ${client.name}, who came and said nothing, in the log`,
    async () => {
      for (const word of wordsOf(await linesWith(scene, ''))) {
        if (known.has(word)) continue
        known.add(word)
        const posted = scene.nonce()
        if (await post(scene, word, JSON.stringify({ posted }))) continue
        const isTheirs = await client.hears({ posted }).then(
          () => true,
          () => false,
        )
        if (isTheirs) return word
      }
      return undefined
    },
  )
}

/** What looks like a connection id: letters and digits with an `=` behind them. Other ids of an event look the same. */
function wordsOf(lines: readonly string[]): Set<string> {
  return new Set(lines.flatMap(line => line.match(/[\w-]{8,}=/g) ?? []))
}
