import type { Guardian } from '../cloud/guardian.ts'
import { sandboxAtHand } from '../sandbox/sandbox.ts'
import type { Examination } from './examinations.ts'

/** Which sandbox hand-ins would be graded in. It is tried, and not only looked for. */
export const sandboxExamination = (guardian: Guardian): Examination => ({
  name: 'a sandbox',
  async examine() {
    const atHand = await sandboxAtHand(guardian)
    if ('none' in atHand)
      return {
        kind: 'optional',
        says: atHand.none,
        cure: 'Hand-ins would run with your rights. Grade them on a virtual machine that holds no secrets.\ndocs/instructors.md says what a sandbox needs.',
      }
    return {
      kind: 'ready',
      says: `${atHand.kind}: hand-ins are kept from your files, your network and the judge`,
    }
  },
})
