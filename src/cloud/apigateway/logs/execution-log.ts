import { AwsError } from '../../error.ts'
import type { Stage } from '../api.ts'
import type { Core } from '../core.ts'
import type { Occasion } from '../messages/event-shapes.ts'
import { logStream } from './log-stream.ts'

/**
 * What API Gateway tells of its own work on one request (facts: H13, H14). Its lines have the words that captures of REST APIs show, with the
 * route where those have the method. What only a WebSocket API has to tell (`WebSocket Request Route: […]`, `Client […] is connecting to …`)
 * was found in no capture of ours and is assumed, and so is why a request was throttled or found no route.
 */
export interface ExecutionLog {
  /** A step on the way: INFO. */
  step(text: string): void
  /** Headers or a body: only with data tracing. */
  data(text: () => string): void
  /** What went wrong: ERROR and INFO. */
  failure(text: string): void
}

/** CloudWatch gets no more of an entry (facts: G7). */
const MAX_ENTRY_BYTES = 1024
/** What stands at the end of an entry that was cut, in every capture. */
const CUT = ' [TRUNCATED]'

/**
 * Opens the execution log of one request, which begins with the request's extended id. The group is made by API Gateway itself when its
 * first line comes; its name is assumed (facts: H14). At ERROR a request that goes well leaves nothing.
 */
export function executionLog(core: Core, stage: Stage, occasion: Occasion): ExecutionLog {
  const { level, dataTrace } = stage.settings.routeLogging[occasion.routeKey] ?? stage.settings.logging
  if (level === 'OFF' || !core.logs) return silent
  const { logs } = core
  const { apiId, requestId } = occasion
  const group = executionLogGroup(apiId, stage.stageName)
  let opened = false

  const write = (text: string) => {
    if (!opened) {
      opened = true
      write(`Extended Request Id: ${requestId}`)
    }
    put(logs, group, logStream(apiId, stage.stageName), cut(`(${requestId}) ${text}`))
  }
  return {
    step: level === 'INFO' ? write : nothing,
    data: dataTrace ? text => write(text()) : nothing,
    failure: write,
  }
}

/** `/aws/apigateway/{apiId}/{stage}` (facts: H14, assumed). */
export const executionLogGroup = (apiId: string, stageName: string) => `/aws/apigateway/${apiId}/${stageName}`

/** Cuts an entry to 1,024 bytes, its mark included, and never in the middle of a character. */
export function cut(entry: string): string {
  const bytes = Buffer.from(entry)
  if (bytes.length <= MAX_ENTRY_BYTES) return entry
  let end = MAX_ENTRY_BYTES - CUT.length
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString() + CUT
}

function put(logs: NonNullable<Core['logs']>, group: string, stream: string, entry: string) {
  try {
    logs.write(group, stream, entry)
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    logs.createGroup(group)
    logs.write(group, stream, entry)
  }
}

const nothing = () => {}
const silent: ExecutionLog = { step: nothing, data: nothing, failure: nothing }
