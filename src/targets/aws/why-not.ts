import type { Stack } from '@aws-sdk/client-cloudformation'
import { DeployFailed } from '#kit'
import type { AwsAccount } from './account.ts'
import type { CdkRun } from './cdk.ts'
import { deployFailed, eventsOf } from './failure.ts'
import { AwsTrouble } from './trouble.ts'

/** How much of what the CDK says last is shown. */
const LAST_LINES = 8

/** CloudFormation refuses the template as it stands, or the CDK does so beforehand. */
const THE_TEMPLATES_FAULT = /^(ValidationError|MissingParameters)$/

/**
 * Why a deployment did not come to its end: `DeployFailed` where the stack is at fault, `AwsTrouble` for all else. Stacks
 * are asked for their events; only of what never reached CloudFormation the CDK's own words are all there is.
 */
export async function whyNotUp(
  account: AwsAccount,
  stackName: string,
  run: CdkRun,
  before: Stack | undefined,
  after: Stack | undefined,
): Promise<DeployFailed | AwsTrouble> {
  const isTouched =
    after?.StackId !== before?.StackId ||
    after?.StackStatus !== before?.StackStatus ||
    after?.LastUpdatedTime?.getTime() !== before?.LastUpdatedTime?.getTime()
  if (after?.StackId && isTouched && /FAILED|ROLLBACK/.test(after.StackStatus ?? '')) {
    const events = await account.told(eventsOf(account.cloudFormation, after.StackId))
    // What happened to the stack earlier is of no interest.
    const begun = events.findLastIndex(
      ({ ResourceType, ResourceStatusReason }) =>
        ResourceType === 'AWS::CloudFormation::Stack' && ResourceStatusReason === 'User Initiated',
    )
    return deployFailed(events.slice(Math.max(begun, 0)))
  }
  return inItsWords(account, stackName, run)
}

/** `‣ ValidationError: Template error: …`, or an error of a service on the way there. */
function inItsWords(account: AwsAccount, stackName: string, run: CdkRun): DeployFailed | AwsTrouble {
  const lines = run.output.split('\n').map(line => line.trimEnd())
  const failed = lines.findLastIndex(line => line.startsWith('‣ '))
  const [, name = '', message = ''] = /^‣ (\w+): (.*)$/.exec(lines[failed] ?? '') ?? []
  if (THE_TEMPLATES_FAULT.test(name)) {
    const more = lines.slice(failed + 1).map(line => line.trim())
    return new DeployFailed({
      reason: `${stackName}: ${message}`,
      evidence: more.filter(line => line !== '').slice(0, LAST_LINES),
    })
  }
  const error = account.trouble(Object.assign(new Error(message), { name }))
  if (error instanceof AwsTrouble) return error
  const said = lines.filter(line => line.trim() !== '').slice(-LAST_LINES)
  return new AwsTrouble(
    'cdk',
    `The CDK did not deploy ${stackName} (exit code ${run.code}). Its last words:\n${said.join('\n')}`,
    'Fix what it names and try again; `npm run doctor -- --target aws` tells whether the account is ready.',
  )
}
