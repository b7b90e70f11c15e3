import { createHash } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Stage } from './api.ts'
import type { Core } from './core.ts'
import { type Occasion, requestContext } from './event-shapes.ts'
import type { Fault } from './integration.ts'
import { compilePath } from './json-path.ts'

/** How a request ended, for its line in the access log. */
export interface Ending {
  readonly status: number
  readonly fault?: Fault | undefined
  /** The gateway's own message when it answered itself. */
  readonly message?: string | undefined
}

/** Writes a request's line into the stage's access log, if it keeps one (facts: H11, H15). */
export function logAccess(core: Core, stage: Stage, occasion: Occasion, ending: Ending): void {
  const { accessLog } = stage.settings
  if (!accessLog || !core.logs) return
  const message = ending.fault?.message ?? ending.message
  const context = {
    ...requestContext(occasion),
    status: ending.status,
    ...(message !== undefined && { error: { message, messageString: JSON.stringify(message) } }),
    ...(ending.fault && {
      integration: { error: ending.fault.because, status: ending.fault.status },
      integrationErrorMessage: ending.fault.because,
    }),
  }
  try {
    core.logs.write(accessLog.group, logStream(occasion), substitute(accessLog.format, context))
  } catch (error) {
    // A log group that is gone costs the line, not the request.
    if (!(error instanceof AwsError)) throw error
  }
}

/** Puts values in the place of `$context.a.b`; what is not there is `-`. */
export const substitute = (format: string, context: object) =>
  format.replace(/\$context((?:\.\w+)+)/g, (_, path: string) => {
    const value = compilePath(`$${path}`)(context)
    return value === undefined || value === null
      ? '-'
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
  })

/** Streams of API Gateway are named by 32 hex digits. */
const logStream = ({ apiId, stage }: Occasion) => createHash('md5').update(`${apiId}/${stage}`).digest('hex')
