import type { Stack } from '../describe.ts'
import type { StackEvent } from '../history.ts'
import type { CurrentResource } from './current-resources.ts'

/** A stack as DescribeStacks shows it. */
export function stackShape(stack: Stack) {
  const { settings } = stack
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    ChangeSetId: settings.changeSetId,
    Description: stack.description,
    Parameters: unlessEmpty(parametersShape(stack.parameters)),
    CreationTime: date(stack.createdAt),
    DeletionTime: date(stack.deletedAt),
    LastUpdatedTime: date(stack.updatedAt),
    RollbackConfiguration: {},
    RoleARN: settings.roleArn,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: settings.disableRollback ?? false,
    NotificationARNs: [],
    Capabilities: unlessEmpty(settings.capabilities ?? []),
    Outputs: unlessEmpty(
      stack.outputs.map(({ key, value, description, exportName }) => ({
        OutputKey: key,
        OutputValue: value,
        Description: description,
        ExportName: exportName,
      })),
    ),
    Tags: tagsShape(stack.tags),
    EnableTerminationProtection: settings.terminationProtection ?? false,
    DriftInformation: notChecked('StackDriftStatus'),
  }
}

/** A stack as ListStacks shows it. */
export function stackSummary(stack: Stack) {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    TemplateDescription: stack.description,
    CreationTime: date(stack.createdAt),
    LastUpdatedTime: date(stack.updatedAt),
    DeletionTime: date(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DriftInformation: notChecked('StackDriftStatus'),
  }
}

/** A line of a stack's history. */
export function eventShape(event: StackEvent) {
  return {
    StackId: event.stackId,
    EventId: event.eventId,
    StackName: event.stackName,
    LogicalResourceId: event.logicalResourceId,
    PhysicalResourceId: event.physicalResourceId,
    ResourceType: event.resourceType,
    Timestamp: date(event.timestamp),
    ResourceStatus: event.resourceStatus,
    ResourceStatusReason: event.resourceStatusReason,
    ClientRequestToken: event.clientRequestToken,
  }
}

/** What all descriptions of a resource have in common. */
export function resourceShape({ logicalId, physicalId, type, status, reason }: CurrentResource) {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    DriftInformation: notChecked('StackResourceDriftStatus'),
  }
}

/** Parameters, by their name. */
export const parametersShape = (parameters: Readonly<Record<string, string>>) =>
  Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }))

export const tagsShape = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** A time as XML has it; undefined leaves the member out. */
export const date = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at)

/** AWS leaves out a list in which there is nothing; those that it always shows are written without this. */
export const unlessEmpty = <T>(list: readonly T[]): readonly T[] | undefined =>
  list.length > 0 ? list : undefined

const notChecked = (status: string) => ({ [status]: 'NOT_CHECKED' })
