import type { Operator } from '../operator.ts'
import { copyGrant, dropAction, dropGrant, moveGrant, widenGrant } from './stacks/grants.ts'
import {
  detachAuthorizer,
  detachStage,
  dropRoute,
  otherAddress,
  otherIdentitySource,
  otherIntegration,
  otherRouteKey,
} from './stacks/routes.ts'
import {
  dropCall,
  dropElement,
  dropSetting,
  filterMessages,
  flipSetting,
  otherChoice,
  otherConstruct,
  otherMetric,
  otherName,
  otherQuantity,
} from './stacks/settings.ts'
import { anybody, dropCondition, starAction, starResource } from './stacks/statements.ts'

/** What people do wrong in code that describes a stack. */
export const stackOperators: readonly Operator[] = [
  dropGrant,
  moveGrant,
  copyGrant,
  widenGrant,
  dropAction,
  starAction,
  starResource,
  anybody,
  dropCondition,
  dropRoute,
  otherRouteKey,
  otherIntegration,
  detachAuthorizer,
  otherIdentitySource,
  detachStage,
  otherAddress,
  dropSetting,
  flipSetting,
  otherQuantity,
  otherChoice,
  otherName,
  dropCall,
  dropElement,
  filterMessages,
  otherMetric,
  otherConstruct,
]
