import type { Operation } from '../../service.ts'
import type { OnFailure, StackRequest } from '../goal.ts'
import { acknowledged } from './capabilities.ts'
import type { ChangeSets } from './change-sets.ts'
import { type Input, isTrue, listOf, oneOf, operation, refusal, required } from './members.ts'
import { comeWhatMay } from './refused.ts'
import { COMMON, contextOf, isOrdinary, parametersIn, tagsIn } from './request.ts'
import { findStack, nameOf, onStack, type Site, toStack, toTemplate } from './site.ts'
import { neededTemplate, type Sent, templateOf } from './template-of.ts'
import { callerFor, roleFor, toRole } from './whose-rights.ts'

/** The operations that make, change and delete stacks. Each is through, for better or worse, when it answers. */
export function stackOperations(site: Site, changeSets: ChangeSets): readonly Operation<Input>[] {
  const { stacks, objects } = site
  const making =
    (action: string): Operation<Input>['access'] =>
    input => [
      toStack(site, action, required(input, 'StackName'), contextOf(input)),
      ...toTemplate(site, input),
      ...toRole(input),
    ]

  return [
    operation(
      'CreateStack',
      [...COMMON, 'DisableRollback', 'OnFailure', 'ClientRequestToken', 'EnableTerminationProtection'],
      {
        access: making('CreateStack'),
        async run(input, call) {
          const stackName = required(input, 'StackName')
          const { ClientRequestToken: token } = input
          const existing = findStack(site, stackName)
          // The same call once more: a client that did not hear the answer asks again.
          if (existing && token && existing.token === token) return { StackId: existing.stackId }
          isOrdinary(input)
          const { template, templateBody } = neededTemplate(input, objects)
          acknowledged(input, template, true)
          const onFailure = onFailureIn(input)
          const request: StackRequest = {
            stackName,
            template,
            ...parametersIn(input),
            tags: tagsIn(input) ?? {},
            onFailure,
            caller: callerFor(site, call, input.RoleARN || undefined),
            settings: {
              templateBody,
              capabilities: listOf(input.Capabilities),
              ...(input.RoleARN && { roleArn: input.RoleARN }),
              disableRollback: onFailure === 'DO_NOTHING',
              terminationProtection: isTrue(input.EnableTerminationProtection),
            },
            ...(token && { token }),
          }
          await comeWhatMay(stacks.create(request))
          // One that failed under OnFailure DELETE is gone by now, the last of its name to go.
          const made =
            findStack(site, stackName) ?? stacks.deleted().findLast(one => one.stackName === stackName)
          changeSets.outdate(made!.stackId)
          return { StackId: made!.stackId }
        },
      },
    ),
    operation('UpdateStack', [...COMMON, 'UsePreviousTemplate', 'ClientRequestToken'], {
      access: making('UpdateStack'),
      async run(input, call) {
        isOrdinary(input)
        const stackName = nameOf(site, required(input, 'StackName'))
        const existing = existingStack(site, stackName)
        const { ClientRequestToken: token } = input
        if (token && existing.token === token) return { StackId: existing.stackId }
        const { template, templateBody } = templateOrPrevious(input, site, stackName)
        acknowledged(input, template, true)
        const roleArn = roleFor(site, input)
        await comeWhatMay(
          stacks.update({
            stackName,
            template,
            ...parametersIn(input),
            tags: tagsIn(input) ?? existing.tags,
            caller: callerFor(site, call, roleArn),
            settings: {
              templateBody,
              capabilities: listOf(input.Capabilities),
              ...(roleArn && { roleArn }),
            },
            ...(token && { token }),
          }),
        )
        changeSets.outdate(existing.stackId)
        return { StackId: existing.stackId }
      },
    }),
    operation(
      'DeleteStack',
      ['StackName', 'RoleARN', 'ClientRequestToken', 'DeletionMode', 'DeploymentConfig'],
      {
        access: (input, call) => [...onStack(site, 'DeleteStack')(input, call), ...toRole(input)],
        async run(input, call) {
          isOrdinary(input)
          if (input.DeletionMode && input.DeletionMode !== 'STANDARD') {
            throw refusal(`DeletionMode ${input.DeletionMode} is not supported by the local cloud.`)
          }
          const stack = findStack(site, required(input, 'StackName'))
          if (stack?.settings.terminationProtection) {
            throw refusal(
              `Stack [${stack.stackName}] cannot be deleted while TerminationProtection is enabled`,
            )
          }
          // What is gone, or about to go, is deleted again by doing nothing.
          if ((stack && !stack.status.startsWith('DELETE_')) || stack?.status === 'DELETE_FAILED') {
            const caller = callerFor(site, call, roleFor(site, input))
            await comeWhatMay(
              stacks.delete(stack.stackId, { token: input.ClientRequestToken || undefined, caller }),
            )
          }
          return undefined
        },
      },
    ),
    operation('ContinueUpdateRollback', ['StackName', 'RoleARN', 'ResourcesToSkip', 'ClientRequestToken'], {
      access: (input, call) => [...onStack(site, 'ContinueUpdateRollback')(input, call), ...toRole(input)],
      async run(input, call) {
        const { stackId } = existingStack(site, nameOf(site, required(input, 'StackName')))
        const caller = callerFor(site, call, roleFor(site, input))
        const token = input.ClientRequestToken || undefined
        const skipped = listOf(input.ResourcesToSkip).map(String)
        await comeWhatMay(stacks.continueRollback(stackId, skipped, { token, caller }))
        return {}
      },
    }),
    operation('UpdateTerminationProtection', ['StackName', 'EnableTerminationProtection'], {
      access: onStack(site, 'UpdateTerminationProtection'),
      run(input) {
        required(input, 'EnableTerminationProtection')
        const protection = isTrue(input.EnableTerminationProtection)
        return { StackId: stacks.protect(required(input, 'StackName'), protection).stackId }
      },
    }),
  ]
}

/** The template that an update brings, or the one that the stack has. Throws `ValidationError`. */
export function templateOrPrevious(input: Input, site: Site, stackName: string): Sent {
  const sent = templateOf(input, site.objects)
  if (!isTrue(input.UsePreviousTemplate)) return sent ?? neededTemplate(input, site.objects)
  // The words are assumed.
  if (sent) throw refusal('UsePreviousTemplate cannot be specified together with a template.')
  const { template, settings } = existingStack(site, stackName)
  return { template, templateBody: settings.templateBody ?? JSON.stringify(template) }
}

/** The stack that is to be changed. Throws `ValidationError` when there is none. */
export function existingStack(site: Site, stackName: string) {
  const stack = site.stacks.list().find(one => one.stackName === stackName)
  if (!stack) throw refusal(`Stack [${stackName}] does not exist`)
  return stack
}

function onFailureIn(input: Input): OnFailure {
  const onFailure = oneOf<OnFailure>(input, 'OnFailure', ['DO_NOTHING', 'ROLLBACK', 'DELETE'])
  if (onFailure && input.DisableRollback) {
    throw refusal('You cannot specify both DisableRollback and OnFailure in the same request.')
  }
  return onFailure ?? (isTrue(input.DisableRollback) ? 'DO_NOTHING' : 'ROLLBACK')
}
