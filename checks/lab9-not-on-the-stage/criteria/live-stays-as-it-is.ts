import type { Criterion } from '#kit'
import { notApart } from '../meanings.ts'
import { releaseAnswers } from '../release-answers.ts'
import { enter } from '../stages.ts'
import { reached } from '../words.ts'

/** The other stage is tried with release 2 on preview, and when that has been taken back. */
export const liveStaysAsItIs: Criterion = {
  id: 'live-stays-as-it-is',
  says: 'Live stays as it is when release 2 comes to preview, and when it is taken back there',
  hint: 'docs/stages.md#one-api-two-stages',
  after: ['the-second-release-arrives'],
  async probe(scene) {
    await scene.release({ preview: '2' })
    const ana = await enter(scene, 'live', 'ana')
    await releaseAnswers(scene, 1, 'live', [ana])
    const ben = await enter(scene, 'preview', 'ben')

    await scene.release({})

    await reached(scene, ben, 1)
    await releaseAnswers(scene, 1, 'live', [ana])
  },
  diagnoses: notApart,
}
