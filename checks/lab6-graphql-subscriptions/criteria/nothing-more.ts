import type { Criterion } from '#kit'
import { nothingMoreIsAllowed, takesFromOthers } from '../../newsroom/permits.ts'

/** What the roles of the newsroom may do, all together, and who may send to its queues. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'And nothing more: no function may touch what is not its own, and no queue takes from strangers',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  probe: nothingMoreIsAllowed,
  diagnoses: [takesFromOthers],
}
