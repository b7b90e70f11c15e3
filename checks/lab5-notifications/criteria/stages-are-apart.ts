import { awkward, type Criterion, type Scene, Unmet } from '#kit'
import { isAmong, rows } from '../../rows.ts'
import { afterActOne } from '../after-act-one.ts'
import { noRoleReachesBoth } from '../apart.ts'
import { stayOut } from '../doors.ts'
import {
  backend,
  backendCredentials,
  dev,
  hear,
  hearOfNothing,
  prod,
  publishes,
  topic,
  waiter,
} from '../people.ts'

/** The same is waited for and published in both stages. In each direction, nothing of the one reaches the other. */
export const stagesAreApart: Criterion = {
  id: 'stages-are-apart',
  says: 'Clients of dev reach nobody in prod, and the other way round',
  hint: 'docs/notifications.md#two-stages-one-definition',
  after: [...afterActOne, 'only-backends-publish'],
  async probe(scene) {
    const about = topic(scene)
    const ofDev = await backend(scene, 'the backend of dev', dev)
    const ofProd = await backend(scene)
    const message = () => awkward({ short: true })

    const before = await rows(scene)
    const ben = await waiter(scene, 'ben in dev', about, dev)
    await nothingNew(scene, before)
    await publishes(ofProd, about, message(), 0)
    await hearOfNothing([ben], 'what is published in prod')

    const ana = await waiter(scene, 'ana in prod', about)
    const tried = message()
    await publishes(ofDev, about, tried, 1)
    await hear([ben], about, tried)
    await publishes(ofDev, about, tried, 0)
    await hearOfNothing([ana], 'what is tried out in dev')
    const real = message()
    await publishes(ofProd, about, real, 1)
    await hear([ana], about, real)
    await hearOfNothing([ana, ben, ofDev, ofProd], 'anything else')

    const as = 'signs as'
    await stayOut(scene, prod, [
      { as: `${as} dev's backend`, signedBy: await backendCredentials(scene, dev) },
    ])
    await stayOut(scene, dev, [
      { as: `${as} prod's backend`, signedBy: await backendCredentials(scene, prod) },
    ])
    await noRoleReachesBoth(scene)
  },
  diagnoses: [
    {
      when: /who signs as dev's backend,.* connected \(101\)/,
      means: "The role of dev's backends opens the door of prod's.",
      where: { resource: 'AWS::IAM::Policy', named: /Dev.*Backend/ },
    },
    {
      when: /who signs as prod's backend,.* connected \(101\)/,
      means: "The role of prod's backends opens the door of dev's.",
      where: { resource: 'AWS::IAM::Policy', named: /^(?!.*Dev).*Backend/ },
    },
    {
      when: /is allowed to use/,
      means: 'What goes wrong while something is tried out in dev could then go wrong in prod.',
    },
    {
      when: /a new row in the table of prod|^ana in prod heard |^ben in dev heard /,
      means: 'One stage finds what was registered or published in the other: they use the same table.',
      where: { resource: 'AWS::DynamoDB::Table' },
    },
    {
      means: 'The two stages are not apart: one finds, or spoils, what is written down in the other.',
      where: { resource: 'AWS::DynamoDB::Table' },
    },
  ],
}

async function nothingNew(scene: Scene, before: Awaited<ReturnType<typeof rows>>): Promise<void> {
  const added = (await rows(scene)).filter(row => !isAmong(before, row))
  if (added.length === 0) return
  throw new Unmet({
    expected: 'a registration in dev to write nothing into the table of prod',
    observed: `a new row in the table of prod: ${JSON.stringify(added[0])}`,
  })
}
