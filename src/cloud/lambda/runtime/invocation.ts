import { receive, send } from './channel.ts'
import { beginLog, droppedLines } from './console.ts'
import { forTheLog, reported, runtimeError } from './errors.ts'
import type { Handler } from './handler.ts'
import { liveAt, realNow } from './time.ts'

/** What an invocation is told besides its event. */
interface Work {
  readonly requestId: string
  readonly functionArn: string
  readonly traceId: string
  /** Milliseconds until the function is killed. */
  readonly remaining: number
  /** The cloud's time, in milliseconds since the epoch. */
  readonly now: number
  /** What the caller says of itself, as JSON text. */
  readonly clientContext?: string
  /** The event, as JSON text. */
  readonly payload: string
}

/** Taken before a handler may put another one in its place. */
const now = performance.now.bind(performance)
let whenIdle = () => {}
let phase: 'init' | 'invoke' | 'idle' = 'init'

/** Whose fault an error would be now: initialization's, an invocation's, or that of one that is over. */
export const currentPhase = () => phase

/** Serves invocations, one after the other, until the other side is gone. */
export function serve(handler: Handler) {
  phase = 'idle'
  process.on('beforeExit', () => whenIdle())
  const next = () => {
    // Whatever came in for the handler's open sockets while we stood still is dealt with first.
    // From here on nothing happens in this process: what it has written lies in sockets already.
    send(['S', ''])
    const work: Work = receive()
    setImmediate(invoke, handler, work, () => setImmediate(next))
  }
  next()
}

function invoke(handler: Handler, work: Work, next: () => void) {
  const began = now()
  const deadline = realNow() + work.remaining
  liveAt(work.now)
  beginLog(work.requestId, work.now)
  process.env._X_AMZN_TRACE_ID = work.traceId
  phase = 'invoke'
  let done = false
  let waitsForEmptyEventLoop = true

  const finish = (type: 'R' | 'E', text: string) => {
    if (done) return
    done = true
    phase = 'idle'
    whenIdle = () => {}
    const measures = `${process.resourceUsage().maxRSS} ${(now() - began).toFixed(3)}`
    send(...droppedLines(), ['M', measures], [type, text])
    next()
  }
  const fail = (error: unknown) => {
    if (done) return
    console.error('Invoke Error', forTheLog(error))
    finish('E', JSON.stringify(reported(error)))
  }
  const succeed = (result: unknown) => {
    if (done) return
    let text: string | undefined
    try {
      text = JSON.stringify(result === undefined ? null : result)
    } catch {
      return fail(new Error('Unable to stringify response body'))
    }
    finish('R', text ?? 'null')
  }
  const end = (error: unknown, result?: unknown) =>
    error === undefined || error === null ? succeed(result) : fail(error)
  const callback = (error?: unknown, result?: unknown) => {
    if (done) return
    if ((error !== undefined && error !== null) || !waitsForEmptyEventLoop) return end(error, result)
    whenIdle = () => setImmediate(succeed, result)
  }
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitsForEmptyEventLoop
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitsForEmptyEventLoop = value
    },
    succeed: (result: unknown) => end(null, result),
    fail: (error: unknown) => end(error ?? 'handled'),
    done: end,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: work.clientContext === undefined ? undefined : JSON.parse(work.clientContext),
    identity: undefined,
    invokedFunctionArn: work.functionArn,
    awsRequestId: work.requestId,
    getRemainingTimeInMillis: () => deadline - realNow(),
  }

  // Nothing left to wait for, and no answer: a forgotten callback is null, a promise that never settles an error.
  whenIdle = () => {
    if (handler.constructor.name === 'AsyncFunction') fail(neverSettled())
    else succeed(null)
  }

  try {
    // Compilers write `this` into code that never uses it: AWS's runtime calls the handler as a method of an object.
    const result: any = handler.call({ handler }, JSON.parse(work.payload), context, callback)
    if (typeof result?.then === 'function') result.then(succeed, (error: unknown) => end(error ?? 'handled'))
  } catch (error) {
    callback(error ?? 'handled')
  }
}

const neverSettled = () =>
  runtimeError(
    'NodeJsExit',
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
  )
