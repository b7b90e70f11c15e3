import type { Criterion } from '#kit'
import { staysWithin } from '../../budget/overreach.ts'
import { connections, rows, users, whatEveryFunctionMay } from '../../budget/purposes.ts'

/** The door may look users up in the pool. Making them, or giving them passwords, is for others. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'No function may do more than it needs',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  probe: scene =>
    staysWithin(scene, [rows(scene), connections(scene), users(scene), whatEveryFunctionMay(scene)].flat()),
}
