import type { Criterion } from '#kit'
import { staysWithin } from '../../budget/overreach.ts'
import { connections, rows, whatEveryFunctionMay } from '../../budget/purposes.ts'

/** No permission was missing, so none needs to be wider. Tables are there for those who keep something in one. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'No function may do more than it needs',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  probe: scene => staysWithin(scene, [connections(scene), rows(scene), whatEveryFunctionMay(scene)].flat()),
}
