import { AwsError } from '../../error.ts'
import type { Stage } from '../api.ts'
import type { Core } from '../core.ts'
import { type Occasion, requestContext } from '../messages/event-shapes.ts'
import { compilePath } from '../messages/json-path.ts'
import { logStream } from './log-stream.ts'
import type { ResponseType } from './response-type.ts'

/** One line for each request, in the words of its stage (facts: H11, H15). */
export interface AccessLog {
  /** Keeps what one phase of the request was like. */
  note(phase: Phases): void
  /** Writes the line. The occasion is the one at the end: by then it is known who is asking. */
  end(occasion: Occasion, ending: Ending): void
}

/**
 * The phases of a request that have variables of their own, in the order in which they come: the signature (`authenticate`), the
 * Lambda authorizer (`authorizer`), what IAM or the authorizer's policy says (`authorize`), the backend (`integration`).
 */
export interface Phases {
  readonly authenticate?: Phase
  readonly authorizer?: Phase & Answerer
  readonly authorize?: Phase
  readonly integration?: Phase & Answerer
}

interface Phase {
  readonly status?: number | undefined
  /** Milliseconds by the cloud's clock. */
  readonly latency?: number | undefined
  readonly error?: string | undefined
}

/** What only a phase with a backend has. */
interface Answerer {
  readonly requestId?: string | undefined
  /** What Lambda itself said, whatever the function answered. */
  readonly integrationStatus?: number | undefined
  readonly integrationLatency?: number | undefined
}

/** How a request ended. */
export interface Ending {
  readonly status: number
  /** What the gateway told the client, when it answered itself. */
  readonly message?: string | undefined
  readonly responseType?: ResponseType | undefined
  /** What a message lacks of its model, in the validator's words. */
  readonly validation?: string | undefined
}

/** Opens the access log for one request of a stage. */
export function accessLog(core: Core, stage: Stage): AccessLog {
  const settings = stage.settings.accessLog
  const { logs } = core
  if (!settings || !logs) return { note() {}, end() {} }
  let phases: Phases = {}

  return {
    note(phase) {
      phases = { ...phases, ...phase }
    },
    end(occasion, ending) {
      const line = substitute(settings.format, variables(occasion, ending, phases))
      try {
        logs.write(settings.group, logStream(occasion.apiId, occasion.stage), line)
      } catch (error) {
        // A log group that is gone costs the line, not the request.
        if (!(error instanceof AwsError)) throw error
      }
    },
  }
}

/**
 * Everything that AWS's page websocket-api-logging lists. `$context.waf.*` and the Cognito members of `identity` are never there: nothing here
 * signs with Cognito, and a WebSocket API has no WAF (facts: F24).
 */
function variables(
  occasion: Occasion,
  { status, message, responseType, validation }: Ending,
  phases: Phases,
) {
  const context = requestContext(occasion)
  const { integration } = phases
  return {
    ...context,
    ...phases,
    authorizer: { ...context.authorizer, ...phases.authorizer },
    status,
    error: {
      message,
      messageString: message === undefined ? undefined : JSON.stringify(message),
      responseType,
      validationErrorString: validation,
    },
    integrationLatency: integration?.latency,
    integrationStatus: integration?.status,
    integrationErrorMessage: integration?.error,
    awsEndpointRequestId: integration?.requestId,
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
