import type { Criterion } from '#kit'
import { staysWithin } from '../../budget/overreach.ts'
import { connections, rows, whatEveryFunctionMay } from '../../budget/purposes.ts'

/** Tried while both releases are up: each may have functions of its own. Answers that are posted need the connections. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'No function may do more than it needs',
  hint: 'docs/permissions.md#and-nothing-more',
  probe: scene => staysWithin(scene, [connections(scene), rows(scene), whatEveryFunctionMay(scene)].flat()),
}
