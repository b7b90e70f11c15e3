import type { Client, Scene } from '#kit'
import { enter, type Stage } from './stages.ts'
import { aText, isForbidden, leadsBack, nothingElse, type Release, says, spells, whoami } from './words.ts'

/** Everything that a release does is done for all of these clients of a stage: again, and for one that has come back. */
export async function releaseAnswers(
  scene: Scene,
  release: Release,
  stage: Stage,
  people: readonly Client[],
): Promise<void> {
  const ids = new Map<Client, string>()
  for (const client of people) ids.set(client, await whoami(client, stage))
  for (const [client, id] of ids) await says(client, release, id)
  for (const [client, id] of ids) await leadsBack(scene, client, id, stage)
  const [first] = people as [Client]
  const same = aText()
  for (const [client, id] of [...ids, ...ids]) await says(client, release, id, same)
  await says(first, release, ids.get(first)!, '')
  if (release === 2) for (const client of people) await spells(client)

  const back = await enter(scene, stage, `${first.name}, once more,`)
  await says(back, release, await whoami(back, stage), same)
  if (release === 2) await spells(back, same)
  await isForbidden(back, release === 2 ? scene.nonce() : 'spell')
  await nothingElse([...people, back])
}
