import type { Criterion } from '#kit'
import { comesInByBrowser } from './criteria/a-browser-comes-in.ts'
import { everyInstanceKnowsThem } from './criteria/every-instance-knows-them.ts'
import { expiredTokensStayOut } from './criteria/expired-tokens-stay-out.ts'
import { forgedTokensStayOut } from './criteria/forged-tokens-stay-out.ts'
import { heardUnderTheirOwnName } from './criteria/heard-under-their-own-name.ts'
import { noTokenNoEntry } from './criteria/no-token-no-entry.ts'
import { nothingMore } from './criteria/nothing-more.ts'
import { otherTokensStayOut } from './criteria/other-tokens-stay-out.ts'
import { theSignedInComeIn } from './criteria/the-signed-in-come-in.ts'

/** What lab 3 promises: who may come in, who may not, and whose name stands on a message. */
export const criteria: readonly Criterion[] = [
  theSignedInComeIn,
  noTokenNoEntry,
  forgedTokensStayOut,
  otherTokensStayOut,
  heardUnderTheirOwnName,
  comesInByBrowser,
  expiredTokensStayOut,
  everyInstanceKnowsThem,
  nothingMore,
]
