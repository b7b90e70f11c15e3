import type { Criterion } from '#kit'
import { notReleased } from '../meanings.ts'
import { releaseAnswers } from '../release-answers.ts'
import { enter } from '../stages.ts'
import { reached, says, whoami } from '../words.ts'

/** The check deploys the stack again. Connections outlive that, and from then on find the new release. */
export const theSecondReleaseArrives: Criterion = {
  id: 'the-second-release-arrives',
  says: 'After cdk deploy -c preview=2, preview has release 2, also for those who were connected before',
  hint: 'docs/stages.md#a-second-release',
  after: ['live-answers', 'preview-answers'],
  async probe(scene) {
    await scene.release({})
    const ana = await enter(scene, 'preview', 'ana')
    await says(ana, 1, await whoami(ana, 'preview'))

    await scene.release({ preview: '2' })

    await reached(scene, ana, 2)
    const ben = await enter(scene, 'preview', 'ben')
    await releaseAnswers(scene, 2, 'preview', [ana, ben])
  },
  diagnoses: notReleased,
}
