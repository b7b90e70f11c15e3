import { awkward, type Client, type Criterion } from '#kit'
import {
  allDiffer,
  allLeadBack,
  CLAIMS,
  hearsNoError,
  isTheSame,
  noAnswer,
  nobodyHearsAnothersId,
  type Told,
  whoami,
} from '../room.ts'

export const whoamiIsTrue: Criterion = {
  id: 'whoami-is-true',
  says: 'The action whoami tells every client its own connection id',
  hint: 'docs/routes.md#which-route-takes-a-message',
  after: ['door-opens'],
  async probe(scene) {
    const people: Client[] = []
    for (const name of ['ana', 'ben', 'cyd']) people.push(await scene.connect(name))

    const told: Told[] = []
    for (const client of people) {
      told.push({ client, id: await whoami(client) })
      await hearsNoError(client)
    }
    const dan = await scene.connect('dan')
    told.push({ client: dan, id: await whoami(dan) })
    allDiffer(told)
    await hearsNoError(dan)

    // The answer is the same the second time, with a text that names another action, and with other members.
    const [first, second, ...others] = told
    isTheSame(first!, await whoami(first!.client))
    await allLeadBack(scene, told)
    const text = awkward({ actions: ['message'], short: true })
    isTheSame(second!, await whoami(second!.client, { text }))
    isTheSame(second!, await whoami(second!.client, CLAIMS))
    await nobodyHearsAnothersId(told)

    // Those who come back have another connection.
    await first!.client.leave()
    await hearsNoError(dan)
    const back = await scene.connect('ana, who came back,')
    const all = [second!, ...others, { client: back, id: await whoami(back) }]
    allDiffer(all)
    await allLeadBack(scene, all)
  },
  diagnoses: [
    {
      when: /were both told/,
      means:
        'The answer does not depend on the client that asks. Each event says from which connection it comes.',
      hint: 'docs/routes.md#ids-that-look-alike',
    },
    {
      when: /under the id that .+ was told there is nobody/,
      means:
        'whoami was answered, but not with the id of an open connection. An event carries several ids, and they look alike.',
      hint: 'docs/routes.md#ids-that-look-alike',
    },
    {
      when: /the same connection was told/,
      means:
        'One connection was told two ids. A connection keeps its id until it closes. The other ids of an event change.',
      hint: 'docs/routes.md#ids-that-look-alike',
    },
    {
      when: /"actions":/,
      means: 'whoami was answered like an unknown action: another route has taken it.',
    },
    ...noAnswer,
  ],
}
