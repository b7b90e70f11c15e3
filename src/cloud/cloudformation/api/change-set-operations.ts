import type { Clock } from '../../clock.ts'
import { AwsError } from '../../error.ts'
import type { Call, Operation } from '../../service.ts'
import { parametersOf } from '../describe.ts'
import type { OnFailure } from '../goal.ts'
import { acknowledged } from './capabilities.ts'
import { changeSetShape, changeSetSummary, changesShape } from './change-set-shapes.ts'
import type { ChangeSet, ChangeSets } from './change-sets.ts'
import { type Input, isTrue, listOf, oneOf, operation, page, refusal, required } from './members.ts'
import { comeWhatMay, inItsWords } from './refused.ts'
import { COMMON, contextOf, isOrdinary, parametersIn, tagsIn } from './request.ts'
import { findStack, nameOf, onStack, type Site, toStack, toTemplate } from './site.ts'
import { existingStack, templateOrPrevious } from './stack-operations.ts'
import { callerFor, roleFor, toRole } from './whose-rights.ts'

/** The operations of change sets. One is looked at when it is made, and carried out within `ExecuteChangeSet`. */
export function changeSetOperations(
  site: Site,
  changeSets: ChangeSets,
  clock: Clock,
): readonly Operation<Input>[] {
  const { stacks } = site
  const onItsStack =
    (action: string): Operation<Input>['access'] =>
    input => {
      const stack = input.StackName || changeSets.find(input)?.stackId || '*'
      return [toStack(site, action, stack, contextOf({ ChangeSetName: input.ChangeSetName }))]
    }

  return [
    operation(
      'CreateChangeSet',
      [
        ...COMMON,
        ...['UsePreviousTemplate', 'ChangeSetName', 'ClientToken', 'Description', 'ChangeSetType'],
        // There are no nested stacks here that could be left out.
        'IncludeNestedStacks',
        // `cdk bootstrap` asks for it. Nothing is imported here: what is there already fails as it does without.
        'ImportExistingResources',
        'OnStackFailure',
      ],
      {
        access: input => [
          toStack(site, 'CreateChangeSet', required(input, 'StackName'), contextOf(input)),
          ...toTemplate(site, input),
          ...toRole(input),
        ],
        async run(input) {
          isOrdinary(input)
          const changeSet = await plan(input)
          return { Id: changeSet.id, StackId: changeSet.stackId }
        },
      },
    ),
    operation('DescribeChangeSet', ['ChangeSetName', 'StackName', 'NextToken', 'IncludePropertyValues'], {
      access: onItsStack('DescribeChangeSet'),
      run(input) {
        const changeSet = changeSets.get(input)
        const changes = changeSet.changes ?? []
        const { items, NextToken } = page(changes, input, ({ logicalId }) => logicalId)
        return {
          ...changeSetShape(changeSet),
          Changes: changesShape(items, isTrue(input.IncludePropertyValues)),
          NextToken,
        }
      },
    }),
    operation('ExecuteChangeSet', ['ChangeSetName', 'StackName', 'ClientRequestToken', 'DisableRollback'], {
      access: onItsStack('ExecuteChangeSet'),
      async run(input, call) {
        const changeSet = changeSets.get(input)
        if (changeSet.executionStatus !== 'AVAILABLE') {
          const status = changeSet.changes ? changeSet.executionStatus : 'FAILED'
          throw new AwsError(
            'InvalidChangeSetStatus',
            `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${status}]`,
          )
        }
        await execute(changeSet, input, call)
        return {}
      },
    }),
    operation('DeleteChangeSet', ['ChangeSetName', 'StackName'], {
      access: onItsStack('DeleteChangeSet'),
      run(input) {
        // AWS is content with one that is not there, as long as its stack is.
        const changeSet = changeSets.find(input)
        if (changeSet) changeSets.remove(changeSet)
        return {}
      },
    }),
    operation('ListChangeSets', ['StackName', 'NextToken'], {
      access: onStack(site, 'ListChangeSets'),
      run(input) {
        const nameOrId = required(input, 'StackName')
        const stack = findStack(site, nameOrId)
        if (!stack) throw refusal(`Stack [${nameOrId}] does not exist`)
        const { items, NextToken } = page(changeSets.of(stack.stackId), input, ({ id }) => id)
        return { Summaries: items.map(changeSetSummary), NextToken }
      },
    }),
  ]

  async function plan(input: Input): Promise<ChangeSet> {
    const name = required(input, 'ChangeSetName')
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
      throw refusal(
        `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      )
    }
    const stackName = nameOf(site, required(input, 'StackName'))
    const kind = kindOf(input)
    refuseDeleted(input.StackName, kind, name)
    const existing = stacks.list().find(one => one.stackName === stackName)
    if (kind === 'UPDATE') existingStack(site, stackName)
    if (kind === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw refusal(
        `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
      )
    }
    const same = existing && changeSets.of(existing.stackId).find(one => one.name === name)
    if (same) throw new AwsError('AlreadyExistsException', `ChangeSet [${name}] already exists`)
    if (kind === 'UPDATE' && existing?.status === 'REVIEW_IN_PROGRESS') {
      throw refusal(`Stack:${existing.stackId} is in REVIEW_IN_PROGRESS state and can not be updated.`)
    }

    const { template, templateBody } = templateOrPrevious(input, site, stackName)
    acknowledged(input, template, false)
    const onStackFailure = oneOf<OnFailure>(input, 'OnStackFailure', ['DO_NOTHING', 'ROLLBACK', 'DELETE'])
    if (kind === 'UPDATE' && onStackFailure && onStackFailure !== 'ROLLBACK') {
      throw refusal(`OnStackFailure ${onStackFailure} of an update is not supported by the local cloud.`)
    }
    const roleArn = roleFor(site, input)
    const request = {
      stackName,
      template,
      ...parametersIn(input),
      tags: tagsIn(input) ?? existing?.tags ?? {},
      settings: {
        templateBody,
        capabilities: listOf(input.Capabilities),
        ...(roleArn && { roleArn }),
      },
    }
    const changes = await inItsWords(stacks.preview(request))
    const { stackId } = stacks.review(stackName)
    return changeSets.add({
      name,
      kind,
      stackId,
      stackName,
      description: input.Description || undefined,
      createdAt: clock.now(),
      request,
      parameters: parametersOf({ template, parameters: { ...existing?.parameters, ...request.parameters } }),
      changes,
      onStackFailure,
      includeNestedStacks: isTrue(input.IncludeNestedStacks),
    })
  }

  /** A stack that is gone is still found by its id, and is nothing that a change set could change. */
  function refuseDeleted(stackName: string, kind: ChangeSet['kind'], name: string) {
    const gone = stacks.deleted().find(({ stackId }) => stackId === stackName)
    if (!gone) return
    throw refusal(
      kind === 'CREATE'
        ? `Stack [${gone.stackId}] already exists and cannot be created again with the changeSet [${name}].`
        : `Stack:${gone.stackId} is in ${gone.status} state and can not be updated.`,
    )
  }

  async function execute(changeSet: ChangeSet, input: Input, call: Call): Promise<void> {
    const { kind, onStackFailure, request, id, stackId } = changeSet
    const disableRollback = isTrue(input.DisableRollback)
    if (disableRollback && kind === 'UPDATE') {
      throw refusal('ExecuteChangeSet: DisableRollback of an update is not supported by the local cloud.')
    }
    const carriedOut = {
      ...request,
      caller: callerFor(site, call, request.settings?.roleArn),
      ...(input.ClientRequestToken && { token: input.ClientRequestToken }),
      onFailure: disableRollback ? 'DO_NOTHING' : ((onStackFailure ?? 'ROLLBACK') as OnFailure),
      settings: {
        ...request.settings,
        changeSetId: id,
        ...(kind === 'CREATE' && { disableRollback }),
      },
    }
    changeSet.executionStatus = 'EXECUTE_IN_PROGRESS'
    try {
      await comeWhatMay(kind === 'CREATE' ? stacks.createReviewed(carriedOut) : stacks.update(carriedOut))
    } catch (error) {
      changeSet.executionStatus = 'AVAILABLE'
      throw error
    }
    const status = findStack(site, stackId)?.status ?? ''
    changeSet.executionStatus = /^(CREATE|UPDATE)_COMPLETE$/.test(status)
      ? 'EXECUTE_COMPLETE'
      : 'EXECUTE_FAILED'
    // The others were made for a stack that is not the same any more.
    for (const other of changeSets.of(stackId)) changeSets.remove(other)
  }
}

function kindOf(input: Input): 'CREATE' | 'UPDATE' {
  const kind = oneOf(input, 'ChangeSetType', ['CREATE', 'UPDATE', 'IMPORT']) ?? 'UPDATE'
  if (kind === 'IMPORT') throw refusal('ChangeSetType IMPORT is not supported by the local cloud.')
  return kind
}
