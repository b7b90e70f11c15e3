import type { Operation } from '../service.ts'
import { busOperations } from './bus-operations.ts'
import type { Dispatch } from './dispatch.ts'
import { putEvents } from './put-events.ts'
import { ruleOperations } from './rule-operations.ts'
import type { Store } from './store.ts'
import { tagOperations } from './tag-operations.ts'
import { targetOperations } from './target-operations.ts'

/** The operations of EventBridge on buses, rules, targets and events. */
export const operations = (store: Store, dispatch: Dispatch): readonly Operation[] => [
  putEvents(store, dispatch),
  ...busOperations(store),
  ...ruleOperations(store),
  ...targetOperations(store),
  ...tagOperations(store),
]
