import type { Stage } from '../api.ts'
import type { Core } from '../core.ts'
import type { Occasion } from '../messages/event-shapes.ts'
import { type AccessLog, accessLog } from './access-log.ts'
import { countRequest } from './count-request.ts'
import { type ExecutionLog, executionLog } from './execution-log.ts'

/** Both logs of one request, as far as its stage keeps them. */
export type RequestLog = ExecutionLog & AccessLog

/** Opens the logs of one request, which is counted at its end. */
export function openLog(core: Core, stage: Stage, occasion: Occasion): RequestLog {
  const access = accessLog(core, stage)
  const count = countRequest(core, stage)
  return {
    ...executionLog(core, stage, occasion),
    note(phase) {
      access.note(phase)
      count.note(phase)
    },
    end(last, ending) {
      access.end(last, ending)
      count.end(last, ending)
    },
  }
}
