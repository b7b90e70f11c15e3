import type { Operation } from '../../service.ts'
import type { Stack } from '../describe.ts'
import { type CurrentResource, currentResources } from './current-resources.ts'
import { type Input, listOf, operation, page, refusal, required } from './members.ts'
import { date, eventShape, resourceShape, stackShape, stackSummary } from './shapes.ts'
import { findStack, onAll, onStack, type Site, toStack } from './site.ts'

/** The operations that tell of stacks. */
export function readOperations(site: Site): readonly Operation<Input>[] {
  const { stacks, account } = site
  const named = (input: Input): Stack => {
    const nameOrId = required(input, 'StackName')
    const stack = findStack(site, nameOrId)
    if (!stack) throw refusal(`Stack with id ${nameOrId} does not exist`)
    return stack
  }
  const everyStack = `arn:${account.partition}:cloudformation:${account.region}:${account.accountId}:stack/*/*`

  return [
    operation('DescribeStacks', ['StackName', 'NextToken'], {
      access: ({ StackName }) =>
        StackName
          ? [toStack(site, 'DescribeStacks', StackName)]
          : [{ action: 'cloudformation:DescribeStacks', resource: everyStack }],
      run(input) {
        if (input.StackName) return { Stacks: [stackShape(named(input))] }
        const { items, NextToken } = page(newestFirst(stacks.list()), input, ({ stackId }) => stackId)
        return { Stacks: items.map(stackShape), NextToken }
      },
    }),
    operation('ListStacks', ['NextToken', 'StackStatusFilter'], {
      access: onAll('ListStacks'),
      run(input) {
        const wanted = listOf(input.StackStatusFilter)
        const all = newestFirst([...stacks.deleted(), ...stacks.list()]).filter(
          ({ status }) => wanted.length === 0 || wanted.includes(status),
        )
        const { items, NextToken } = page(all, input, ({ stackId }) => stackId)
        return { StackSummaries: items.map(stackSummary), NextToken }
      },
    }),
    operation('DescribeStackEvents', ['StackName', 'NextToken'], {
      access: onStack(site, 'DescribeStackEvents'),
      run(input) {
        const nameOrId = required(input, 'StackName')
        const stack = findStack(site, nameOrId)
        if (!stack) throw refusal(`Stack [${nameOrId}] does not exist`)
        const { items, NextToken } = page(stack.events.toReversed(), input, ({ eventId }) => eventId)
        return { StackEvents: items.map(eventShape), NextToken }
      },
    }),
    operation('DescribeStackResources', ['StackName', 'LogicalResourceId', 'PhysicalResourceId'], {
      access: ({ StackName, PhysicalResourceId }) => [
        toStack(site, 'DescribeStackResources', StackName || holderOf(PhysicalResourceId)?.stackName || '*'),
      ],
      run({ StackName, LogicalResourceId, PhysicalResourceId }) {
        if (StackName && PhysicalResourceId) {
          throw refusal('You cannot specify both stackName and physicalResourceId')
        }
        if (!StackName && !PhysicalResourceId) {
          throw refusal('Either stackName or physicalResourceId must be specified')
        }
        const stack = StackName ? named({ StackName }) : holderOf(PhysicalResourceId)
        if (!stack) throw refusal(`Stack for ${PhysicalResourceId} does not exist`)
        const all = currentResources(stack).filter(
          ({ logicalId }) => !LogicalResourceId || logicalId === LogicalResourceId,
        )
        return {
          StackResources: all.map(one => ({ ...inStack(stack, one), Timestamp: date(one.updatedAt) })),
        }
      },
    }),
    operation('DescribeStackResource', ['StackName', 'LogicalResourceId'], {
      access: onStack(site, 'DescribeStackResource'),
      run(input) {
        const logicalId = required(input, 'LogicalResourceId')
        const nameOrId = required(input, 'StackName')
        const stack = findStack(site, nameOrId)
        if (!stack) throw refusal(`Stack '${nameOrId}' does not exist`)
        const found = currentResources(stack).find(one => one.logicalId === logicalId)
        if (!found) throw refusal(`Resource ${logicalId} does not exist for stack ${stack.stackName}`)
        const { Metadata } = stack.template.Resources[logicalId] ?? {}
        return {
          StackResourceDetail: {
            ...inStack(stack, found),
            LastUpdatedTimestamp: date(found.updatedAt),
            Metadata: JSON.stringify(Metadata ?? {}),
          },
        }
      },
    }),
    operation('ListStackResources', ['StackName', 'NextToken'], {
      access: onStack(site, 'ListStackResources'),
      run(input) {
        const all = currentResources(named(input))
        const { items, NextToken } = page(all, input, ({ logicalId }) => logicalId)
        return {
          StackResourceSummaries: items.map(one => ({
            ...resourceShape(one),
            LastUpdatedTimestamp: date(one.updatedAt),
          })),
          NextToken,
        }
      },
    }),
    operation('ListExports', ['NextToken'], {
      access: onAll('ListExports'),
      run(input) {
        const { items, NextToken } = page(stacks.exports(), input, ({ name }) => name)
        return {
          Exports: items.map(({ name, value, exportingStackId }) => ({
            ExportingStackId: exportingStackId,
            Name: name,
            Value: value,
          })),
          NextToken,
        }
      },
    }),
    operation('ListImports', ['ExportName', 'NextToken'], {
      access: onAll('ListImports'),
      run(input) {
        const name = required(input, 'ExportName')
        const users = stacks.exports().find(one => one.name === name)?.importedBy ?? []
        if (users.length === 0) throw refusal(`Export '${name}' is not imported by any stack.`)
        const { items, NextToken } = page(users, input, user => user)
        return { Imports: items, NextToken }
      },
    }),
  ]

  function holderOf(physicalId: unknown): Stack | undefined {
    return stacks.list().find(({ resources }) => resources.some(one => one.physicalId === physicalId))
  }
}

const inStack = ({ stackName, stackId }: Stack, resource: CurrentResource) => ({
  StackName: stackName,
  StackId: stackId,
  ...resourceShape(resource),
})

const newestFirst = (stacks: readonly Stack[]) => stacks.toSorted((a, b) => b.createdAt - a.createdAt)
