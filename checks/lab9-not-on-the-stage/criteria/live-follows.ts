import type { Criterion } from '#kit'
import { notReleased } from '../meanings.ts'
import { releaseAnswers } from '../release-answers.ts'
import { enter } from '../stages.ts'
import { reached, says, whoami } from '../words.ts'

/** A stage that is kept apart is not kept back. */
export const liveFollows: Criterion = {
  id: 'live-follows',
  says: 'After cdk deploy -c live=2 -c preview=2, both stages have release 2',
  hint: 'docs/stages.md#a-second-release',
  after: ['the-second-release-arrives'],
  async probe(scene) {
    await scene.release({})
    const ana = await enter(scene, 'live', 'ana')
    await reached(scene, ana, 1)
    const ben = await enter(scene, 'preview', 'ben')
    await says(ana, 1, await whoami(ana, 'live'))

    await scene.release({ live: '2', preview: '2' })

    await reached(scene, ana, 2)
    await reached(scene, ben, 2)
    await releaseAnswers(scene, 2, 'live', [ana])
    await releaseAnswers(scene, 2, 'preview', [ben])
  },
  diagnoses: notReleased,
}
