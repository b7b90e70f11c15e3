import type { Criterion } from '#kit'
import { staysWithin } from '../../budget/overreach.ts'
import { connections, rows, whatEveryFunctionMay } from '../../budget/purposes.ts'

/** The parrot needs nothing. What the other labs allow is allowed here, too: people try things out. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'And nothing more: no function may do more than it needs',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  probe: scene => staysWithin(scene, [rows(scene), connections(scene), whatEveryFunctionMay(scene)].flat()),
}
