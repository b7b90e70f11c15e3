import { randomUUID } from 'node:crypto'
import { AwsError } from '../../error.ts'
import type { Invocation, Invoke } from '../../lambda/invoke.ts'
import type { Core } from '../core.ts'
import { withStageVariables } from '../stage-variables.ts'
import { takeOn } from './session.ts'

/** A function that the gateway is to run, and in whose name. */
export interface FunctionCall {
  /** As in the template, stage variables and all (facts: C16, C27). */
  readonly uri: string
  readonly credentialsArn?: string | undefined
  readonly sourceArn: string
  readonly stageVariables: Readonly<Record<string, string>>
}

export interface LambdaCall extends FunctionCall {
  readonly event: object
}

/** A function that was never started, and why, in the words of AWS's execution log (facts: A12). */
export interface NotStarted {
  readonly kind: 'not started'
  readonly because: string
}

/** Runs a function as API Gateway: with a role of the customer's, or as allowed by the function's resource policy. */
export const callLambda = (core: Core, { event, ...call }: LambdaCall): Promise<Invocation | NotStarted> =>
  startFunction(core, call, asked => core.invoke({ ...asked, payload: JSON.stringify(event) }))

/** Finds out which function is meant and who asks for it, and has it started. */
export async function startFunction<T>(
  core: Core,
  call: FunctionCall,
  start: (asked: Omit<Invoke, 'payload'>) => T | Promise<T>,
): Promise<T | NotStarted> {
  try {
    const functionName = functionArn(withStageVariables(call.uri, call.stageVariables))
    if (!functionName) return notStarted('Invalid endpoint address')
    const role = call.credentialsArn && withStageVariables(call.credentialsArn, call.stageVariables)
    return await start({
      functionName,
      sourceArn: call.sourceArn,
      sourceAccount: core.account.accountId,
      caller: role
        ? invokerAs(core, role, functionName)
        : { kind: 'service', service: 'apigateway.amazonaws.com' },
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'AccessDeniedException') return notStarted('Invalid permissions on Lambda function')
    if (error.code !== 'TooManyRequestsException') return notStarted(error.message)
    const because = `Lambda invocation failed with status: ${error.status}. Lambda request id: ${randomUUID()}`
    return { kind: 'not started', because }
  }
}

/**
 * The function's ARN in an integration's or authorizer's URI; `undefined` when it is something else (facts: C16). The ARN alone
 * is taken as well: CDK wrote it so up to 1.97.0, and its pull request 13820 says that it worked.
 */
export const functionArn = (uri: string): string | undefined =>
  INVOCATIONS.exec(uri)?.[1] ?? ALONE.exec(uri)?.[0]

const INVOCATIONS =
  /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(arn:[\w-]+:lambda:.+)\/invocations$/
const ALONE = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/

/** Whether an integration's URI is Lambda's, whatever function it names. */
export const isLambda = (uri: string): boolean =>
  /^arn:[\w-]+:apigateway:[^:]+:lambda:/.test(uri) || ALONE.test(uri)

/** Where Lambda would be asked to run a function. */
export const invocationUri = (
  { region, urlSuffix }: Core['account'],
  { uri, stageVariables }: FunctionCall,
): string =>
  `https://lambda.${region}.${urlSuffix}/2015-03-31/functions/${functionArn(withStageVariables(uri, stageVariables))}/invocations`

function invokerAs(core: Core, roleArn: string, functionName: string) {
  const session = takeOn(core, roleArn)
  const decision = core.decide(session, { action: 'lambda:InvokeFunction', resource: functionName })
  if (!decision.allowed) throw new AwsError('AccessDeniedException', 'not authorized', 403)
  return session
}

const notStarted = (said: string): NotStarted => ({
  kind: 'not started',
  because: `Execution failed due to configuration error: ${said}`,
})
