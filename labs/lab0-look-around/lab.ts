import type { Lab } from '#kit'
import { criteria } from '../../checks/lab0-look-around/criteria.ts'

/** A parrot. Nothing is wrong with it. It shows how the labs work. */
export const lab0: Lab = {
  id: 'lab0-look-around',
  title: 'Look around',
  about: 'Nothing is wrong here. Five minutes to find out how the labs work.',
  criteria,
  starterBreaks: [],
  hints: {},
  explanation: 'docs/look-around.md#what-you-have-seen',
  tries: {
    frames: ['{"action":"say","text":"hello"}', '{"action":"sing"}'],
  },
}
