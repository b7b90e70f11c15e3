import { AwsError } from '../error.ts'
import type { RoleSession } from '../iam/principal.ts'
import type { Invocation } from '../lambda/invoke.ts'
import type { Core } from './core.ts'

/** A function that the gateway is to run, and in whose name. */
export interface LambdaCall {
  /** As in the template, stage variables and all (facts: C16, C27). */
  readonly uri: string
  readonly credentialsArn?: string | undefined
  readonly sourceArn: string
  readonly stageVariables: Readonly<Record<string, string>>
  readonly event: object
}

/** What API Gateway calls its sessions of a customer's role. */
const SESSION_NAME = 'BackplaneAssumeRoleSession'

/**
 * Runs a function as API Gateway: with a role of the customer's, or by leave of the function's own policy.
 * Gives the reason, in the words of AWS's execution log, when it was never started (facts: A12).
 */
export async function callLambda(
  core: Core,
  call: LambdaCall,
): Promise<Invocation | { kind: 'not started'; because: string }> {
  try {
    const functionName = functionArn(withStageVariables(call.uri, call.stageVariables))
    if (!functionName) return notStarted('Invalid endpoint address')
    const role =
      call.credentialsArn === undefined ? undefined : takeOn(core, call.credentialsArn, functionName)
    return await core.invoke({
      functionName,
      payload: JSON.stringify(call.event),
      sourceArn: call.sourceArn,
      sourceAccount: core.account.accountId,
      caller: role ?? { kind: 'service', service: 'apigateway.amazonaws.com' },
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const said =
      error.code === 'AccessDeniedException' ? 'Invalid permissions on Lambda function' : error.message
    return notStarted(said)
  }
}

/** The function's ARN in an integration's or authorizer's URI; `undefined` when it is something else (facts: C16). */
export const functionArn = (uri: string): string | undefined =>
  /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(arn:[\w-]+:lambda:.+)\/invocations$/.exec(
    uri,
  )?.[1]

const withStageVariables = (uri: string, variables: Readonly<Record<string, string>>) =>
  uri.replace(/\$\{stageVariables\.([\w-]+)\}/g, (_, name: string) => variables[name] ?? '')

function takeOn(core: Core, roleArn: string, functionName: string): RoleSession {
  const session = (core.assumeRole ?? sessionOf)(roleArn, SESSION_NAME)
  const decision = core.decide(session, { action: 'lambda:InvokeFunction', resource: functionName })
  if (!decision.allowed) throw new AwsError('AccessDeniedException', 'not authorized', 403)
  return session
}

function sessionOf(roleArn: string, sessionName: string): RoleSession {
  const [, partition = '', accountId = '', path = ''] =
    /^arn:([\w-]+):iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? []
  if (!path) throw new AwsError('BadRequestException', `Invalid role ARN ${roleArn}`)
  const roleName = path.slice(path.lastIndexOf('/') + 1)
  return {
    kind: 'role-session',
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    accountId,
    roleArn,
    userId: `AROA${roleName.toUpperCase().replace(/[^A-Z0-9]/g, '')}:${sessionName}`,
  }
}

const notStarted = (said: string) => ({
  kind: 'not started' as const,
  because: `Execution failed due to configuration error: ${said}`,
})
