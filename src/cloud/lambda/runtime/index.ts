// What runs in an instance's process in place of AWS's managed Node runtime. It and everything it imports is
// bundled into one file of plain JavaScript, so that a child needs no compiler. Nothing of it is in the handler's way.
import { receive, send } from './channel.ts'
import { beginLog, droppedLines, replaceConsole } from './console.ts'
import { forTheLog, reported, runtimeError } from './errors.ts'
import { type Handler, loadHandler } from './handler.ts'
import { currentPhase, serve } from './invocation.ts'
import { buffered, installAwslambda } from './streaming.ts'
import { liveAt } from './time.ts'

const CALLBACKS_ARE_GONE =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.'

const { now } = receive()
liveAt(now)
beginLog(undefined, now)
replaceConsole()
silenceSdkWarning()
writeAtOnce()
installAwslambda()

process.on('uncaughtException', error => leave('Uncaught Exception', error, 129))
process.on('unhandledRejection', reason =>
  leave('Unhandled Promise Rejection', runtimeError('UnhandledPromiseRejection', reason), 128),
)

const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT!, process.env._HANDLER!)
refuseCallbacks(handler)
send(...droppedLines(), ['I', ''])
serve(buffered(handler))

function leave(what: string, error: unknown, status: number) {
  console.error(what, forTheLog(error))
  send(
    ...droppedLines(),
    ['M', String(process.resourceUsage().maxRSS)],
    ['F', JSON.stringify({ phase: currentPhase(), ...reported(error) })],
  )
  process.exit(status)
}

function refuseCallbacks(handler: Handler) {
  const version = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1])
  // Of a handler that streams, the third parameter is the context.
  const streams = Symbol.for('aws.lambda.runtime.handler.streaming') in handler
  if (version >= 24 && handler.length >= 3 && !streams)
    throw runtimeError('CallbackHandlerDeprecated', CALLBACKS_ARE_GONE)
}

/** What a handler writes past `console` must have left the process before it stands still. */
function writeAtOnce() {
  for (const stream of [process.stdout, process.stderr]) (stream as any)._handle?.setBlocking?.(true)
}

/** The SDK complains about Node 20 in every process. That is about this machine, not about the function. */
function silenceSdkWarning() {
  const emitWarning = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: any[]) => {
    if (!String(warning).includes('NodeVersionSupportWarning')) emitWarning.call(process, warning, ...rest)
  }
}
