import { AwsError } from '../error.ts'
import { isLack, lacking } from '../lack.ts'
import { acknowledgedBy } from './api/capabilities.ts'
import { type Place, placeOf } from './api/template-of.ts'
import type { Caller } from './caller.ts'
import type { Stack } from './describe.ts'
import type { OnFailure, StackRequest } from './goal.ts'
import { STACK_TYPE, type StackRecord, type StackSettings } from './history.ts'
import { type Sent, templateAt } from './nested-template.ts'
import type { Shelf } from './objects.ts'
import type { Properties } from './properties.ts'
import type { Physical, ResourceType } from './resource.ts'
import { arnIn, asking, tagsIn } from './rights.ts'
import { StackFailed } from './stack-failed.ts'

/** What nested stacks need of the account's stacks. */
export interface Nest {
  readonly shelf: Shelf | undefined
  /** `begun` is told the id as soon as there is one. */
  create(request: StackRequest, begun?: (stackId: string) => void): Promise<Stack>
  /** Undefined when there is nothing to update. */
  update(stackId: string, request: StackRequest): Promise<Stack | undefined>
  delete(stackId: string, caller: Caller | undefined): Promise<void>
  find(stackId: string): StackRecord | undefined
}

/** The operation on a stack of which nested stacks are a part. */
export interface Within {
  readonly parent: StackRecord
  readonly caller: Caller | undefined
  readonly onFailure: OnFailure
  /** What the stack around it will have when the operation is through. */
  readonly tags: Readonly<Record<string, string>>
  readonly settings: StackSettings
}

/** A type of which nothing can be made yet: for looking at templates. */
export const nestedStackType: ResourceType = {
  type: STACK_TYPE,
  properties: {
    TemplateURL: 'update',
    Parameters: 'update',
    Tags: 'update',
    NotificationARNs: 'update',
    TimeoutInMinutes: 'harmless',
  },
  rights: {
    service: 'CloudFormation',
    on: ({ account, physicalId, inventName }) =>
      physicalId ?? arnIn(account, 'cloudformation', `stack/${inventName(128)}/*`),
    create: 'cloudformation: CreateStack',
    read: 'cloudformation: DescribeStacks',
    update: 'cloudformation: UpdateStack',
    delete: 'cloudformation: DeleteStack',
    also: ({ account, properties }, verb) =>
      verb === 'delete'
        ? []
        : asking('s3: GetObject', objectArn(account.partition, placeOf(properties.TemplateURL))),
  },
  refuse: ({ NotificationARNs = [] }) =>
    Array.isArray(NotificationARNs) && NotificationARNs.length === 0
      ? []
      : ['NotificationARNs: nobody is told of a stack’s events here'],
  create: outside,
  update: outside,
}

function outside(): never {
  throw new Error('A nested stack is made and changed within another stack.')
}

/** `AWS::CloudFormation::Stack`, as a part of one operation on the stack around it. */
export function nestedStacks(nest: Nest, within: Within): ResourceType {
  const { caller } = within
  return {
    ...nestedStackType,
    async create({ properties, inventName, begun }) {
      const stackName = inventName(128)
      let stackId = ''
      const made = (id: string) => {
        stackId = id
        begun?.(id)
      }
      try {
        return physical(await nest.create(request(stackName, properties), made))
      } catch (error) {
        throw embedded(error, `Embedded stack ${stackId} was not successfully created: `)
      }
    },
    async update({ properties }, { physicalId }) {
      const stack = existing(physicalId)
      try {
        const updated = await nest.update(physicalId, request(stack.stackName, properties))
        return updated ? physical(updated) : { physicalId, attributes: attributesOf(stack) }
      } catch (error) {
        throw embedded(
          error,
          `Embedded stack ${physicalId} was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: `,
        )
      }
    },
    async delete({ physicalId }) {
      try {
        if (nest.find(physicalId)) await nest.delete(physicalId, caller)
      } catch (error) {
        throw embedded(error, `Embedded stack ${physicalId} was not successfully deleted: `)
      }
    },
  }

  function request(stackName: string, properties: Properties): StackRequest {
    const { parent, onFailure, tags, settings } = within
    const { template, templateBody }: Sent = templateAt(properties.TemplateURL, nest.shelf)
    const { capabilities, roleArn } = settings
    if (capabilities) acknowledgedBy(capabilities, template, true)
    return {
      stackName,
      template,
      parameters: parametersIn(properties),
      tags: { ...tags, ...tagsIn(properties.Tags) },
      settings: { templateBody, ...(capabilities && { capabilities }), ...(roleArn && { roleArn }) },
      onFailure: onFailure === 'DO_NOTHING' ? 'DO_NOTHING' : 'ROLLBACK',
      caller,
      parent: { stackId: parent.stackId, rootId: parent.rootId ?? parent.stackId },
    }
  }

  function existing(stackId: string): StackRecord {
    const stack = nest.find(stackId)
    if (!stack) throw new AwsError('ValidationError', `Stack with id ${stackId} does not exist`)
    return stack
  }
}

function parametersIn({ Parameters = {} }: Properties): Readonly<Record<string, string>> {
  const values: [string, unknown][] = Object.entries(Parameters)
  if (values.some(([, value]) => typeof value === 'object')) {
    throw new AwsError(
      'ValidationError',
      'Value of property Parameters must be an object with String (or simple type) properties',
    )
  }
  return Object.fromEntries(values.map(([name, value]) => [name, String(value)]))
}

const physical = (stack: Stack): Physical => ({
  physicalId: stack.stackId,
  attributes: attributesOf(stack),
})

/** `Fn::GetAtt Nested.Outputs.Url`. */
const attributesOf = ({ outputs }: Pick<Stack, 'outputs'>): Physical['attributes'] =>
  Object.fromEntries(outputs.map(({ key, value }) => [`Outputs.${key}`, value]))

/** The failure of a nested stack as the reason of its resource. Whose fault it is stays the same. */
function embedded(error: unknown, words: string): unknown {
  if (!(error instanceof StackFailed)) return error
  const said = error.events.find(
    ({ logicalResourceId, resourceStatus }) =>
      logicalResourceId === error.stackName &&
      /ROLLBACK_IN_PROGRESS|(CREATE|DELETE)_FAILED/.test(resourceStatus),
  )
  const reason = (said?.resourceStatusReason ?? error.reason).replace(' Rollback requested by user.', '')
  const message = `${words}${reason}`
  if (error.cause !== undefined && !(error.cause instanceof AwsError)) {
    return new Error(`${message} (${error.message})`, { cause: error.cause })
  }
  const refusal = new AwsError('ValidationError', message)
  return isLack(error.cause) ? lacking(refusal) : refusal
}

const objectArn = (partition: string, { bucket, key }: Place) => `arn:${partition}:s3:::${bucket}/${key}`
