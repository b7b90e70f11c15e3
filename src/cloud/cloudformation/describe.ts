import type { Output, ResourceRecord, StackEvent, StackRecord, StackSettings } from './history.ts'
import type { Template } from './template.ts'

/** A stack as it is at this moment: what DescribeStacks, DescribeStackEvents, ListStackResources and GetTemplate tell. */
export interface Stack {
  readonly stackName: string
  /** `arn:aws:cloudformation:us-east-1:123456789012:stack/Chat/<uuid>`. */
  readonly stackId: string
  /** Of a nested stack: the stack around it, and the outermost one. */
  readonly parentId?: string
  readonly rootId?: string
  readonly status: string
  readonly reason?: string
  readonly description?: string
  /** Milliseconds since the epoch, like every time here. */
  readonly createdAt: number
  readonly updatedAt?: number
  readonly deletedAt?: number
  /** As given, or the default; those with `NoEcho` as `****`. */
  readonly parameters: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly settings: StackSettings
  /** The name that the caller of the API gave to the operation under way, or to the last one. */
  readonly token?: string
  readonly outputs: readonly Output[]
  readonly resources: readonly StackResource[]
  /** Oldest first; the last 2,000 at least. */
  readonly events: readonly StackEvent[]
  readonly template: Template
}

/** One resource of a stack. */
export type StackResource = Pick<
  ResourceRecord,
  'logicalId' | 'type' | 'physicalId' | 'properties' | 'status' | 'reason' | 'updatedAt'
>

/** Takes a picture of a stack; it does not change any more. */
export function describeStack(stack: StackRecord): Stack {
  const { stackName, stackId, status, reason, createdAt, updatedAt, deletedAt, tags, template, token } = stack
  return {
    stackName,
    stackId,
    ...(stack.parentId !== undefined && { parentId: stack.parentId }),
    ...(stack.rootId !== undefined && { rootId: stack.rootId }),
    status,
    ...(reason !== undefined && { reason }),
    ...(template.Description !== undefined && { description: template.Description }),
    createdAt,
    ...(updatedAt !== undefined && { updatedAt }),
    ...(deletedAt !== undefined && { deletedAt }),
    parameters: parametersOf(stack),
    tags,
    settings: stack.settings,
    ...(token !== undefined && { token }),
    outputs: stack.outputs,
    resources: [...stack.resources.values()].map(
      ({ logicalId, type, physicalId, properties, status, reason, updatedAt }) => ({
        logicalId,
        type,
        physicalId,
        properties,
        status,
        ...(reason !== undefined && { reason }),
        updatedAt,
      }),
    ),
    events: [...stack.events],
    template,
  }
}

/** Parameters as they are shown: as given, or the default; those with `NoEcho` as `****`. */
export function parametersOf({
  template,
  parameters,
}: Pick<StackRecord, 'template' | 'parameters'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(template.Parameters ?? {}).map(([name, { Default, NoEcho }]) => [
      name,
      NoEcho === true || NoEcho === 'true' ? '****' : (parameters[name] ?? String(Default ?? '')),
    ]),
  )
}
