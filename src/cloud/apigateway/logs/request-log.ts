import type { Stage } from '../api.ts'
import type { Core } from '../core.ts'
import type { Occasion } from '../messages/event-shapes.ts'
import { type AccessLog, accessLog } from './access-log.ts'
import { type ExecutionLog, executionLog } from './execution-log.ts'

/** Both logs of one request, as far as its stage keeps them. */
export type RequestLog = ExecutionLog & AccessLog

/** Opens the logs of one request. */
export const openLog = (core: Core, stage: Stage, occasion: Occasion): RequestLog => ({
  ...executionLog(core, stage, occasion),
  ...accessLog(core, stage),
})
