import type { Operator } from '../operator.ts'
import { dropAwait } from './handlers/awaits.ts'
import { dropCase, dropGuard, dropOperand, negateCondition, shiftBoundary } from './handlers/conditions.ts'
import {
  dropCatch,
  dropCheck,
  settleAll,
  swallowError,
  swallowFailure,
  widenCatch,
} from './handlers/errors.ts'
import { constantId, otherId } from './handlers/ids.ts'
import { allAtOnce, oneAfterTheOther, otherNumber, otherUnit, withoutLimit } from './handlers/loops.ts'
import { dropMember, firstChoice, flipBoolean, partialBatch } from './handlers/members.ts'
import { cacheInModule } from './handlers/modules.ts'
import { dropInput, firstPage } from './handlers/pages.ts'
import { otherEffect, otherResource, verifyLess } from './handlers/policies.ts'
import { returnEarly } from './handlers/returns.ts'
import { confuseSender, onlyFirst, repeatSend, sayYes, skipCall } from './handlers/sends.ts'
import {
  cutJson,
  cutText,
  dropPart,
  joinByHand,
  jsonByHand,
  lowerText,
  stringifyTwice,
  trimText,
} from './handlers/texts.ts'

/** What people do wrong in code that runs. */
export const handlerOperators: readonly Operator[] = [
  dropAwait,
  swallowError,
  widenCatch,
  dropCatch,
  swallowFailure,
  dropCheck,
  settleAll,
  negateCondition,
  dropOperand,
  shiftBoundary,
  dropGuard,
  dropCase,
  skipCall,
  repeatSend,
  onlyFirst,
  confuseSender,
  sayYes,
  cacheInModule,
  trimText,
  lowerText,
  cutText,
  cutJson,
  jsonByHand,
  stringifyTwice,
  joinByHand,
  dropPart,
  firstPage,
  dropInput,
  flipBoolean,
  dropMember,
  partialBatch,
  firstChoice,
  constantId,
  otherId,
  returnEarly,
  allAtOnce,
  oneAfterTheOther,
  withoutLimit,
  otherUnit,
  otherNumber,
  otherEffect,
  otherResource,
  verifyLess,
]
