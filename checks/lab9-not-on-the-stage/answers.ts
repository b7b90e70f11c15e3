import type { Criterion } from '#kit'
import { notAnswered } from './meanings.ts'
import { releaseAnswers } from './release-answers.ts'
import { enter, type Stage } from './stages.ts'

/** The promise that a stage has all of release 1, and nothing of release 2. */
export const answers = (stage: Stage): Criterion => ({
  id: `${stage}-answers`,
  says: `Every action of release 1 answers on ${stage}, from the first deployment on`,
  hint: 'docs/stages.md#a-deployment-is-a-snapshot',
  after: [`${stage}-lets-in`],
  async probe(scene) {
    const people = [await enter(scene, stage, 'ana'), await enter(scene, stage, 'ben')]
    await releaseAnswers(scene, 1, stage, people)
  },
  diagnoses: notAnswered,
})
