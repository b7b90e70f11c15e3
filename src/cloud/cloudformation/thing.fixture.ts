import { defaultAccount } from '../account.ts'
import { stillClock } from '../clock.ts'
import { type CloudEvent, eventStream } from '../events.ts'
import type { ResourceType } from './resource.ts'
import { askNobody } from './rights.ts'
import { startStacks } from './stacks.ts'
import type { ResourceDefinition, Template } from './template.ts'

/**
 * An account whose one kind of resource, `Test::Thing`, writes down what is done to it and fails when told to:
 * `Broken` refuses to be made or changed, `Stuck` to go. `Test::Fixed` cannot be changed in place, and `Test::Early` comes first where
 * it may.
 */
export function thingStacks(options: Partial<Parameters<typeof startStacks>[0]> = {}) {
  const done: string[] = []
  const clock = stillClock()
  const events = eventStream(clock.now)
  let made = 0

  const thing: ResourceType = {
    type: 'Test::Thing',
    rights: askNobody,
    nameProperty: 'Name',
    properties: {
      Value: 'update',
      Key: 'replace',
      Name: 'replace',
      Note: 'harmless',
      Born: 'fixed',
      Sort: { replacesWhen: (before, after) => before !== undefined && before !== after },
      Broken: 'update',
      Stuck: 'update',
    },
    create({ logicalId, properties }) {
      if (properties.Broken) throw new Error(`${properties.Broken}`)
      const physicalId = `${logicalId}-${++made}`
      done.push(`create ${physicalId}`)
      return { physicalId, attributes: { Arn: `arn:${physicalId}`, Value: properties.Value ?? '' } }
    },
    update({ properties }, { physicalId, properties: before }) {
      done.push(`update ${physicalId} ${before.Value} → ${properties.Value}`)
      if (properties.Broken) throw new Error(`${properties.Broken}`)
      return { physicalId, attributes: { Arn: `arn:${physicalId}`, Value: properties.Value ?? '' } }
    },
    delete({ physicalId, properties }) {
      if (properties.Stuck) throw new Error(`${properties.Stuck}`)
      done.push(`delete ${physicalId}`)
    },
  }
  const { update, ...rest } = thing
  const fixed: ResourceType = { ...rest, type: 'Test::Fixed', attributes: ['Arn', 'Value'], lacks: ['Host'] }
  const early: ResourceType = { ...thing, type: 'Test::Early', comesFirst: true }
  const all = [thing, fixed, early]
  const stacks = startStacks({ account: defaultAccount, clock, events, types: all, ...options })

  return {
    stacks,
    done,
    types: new Map(all.map(one => [one.type, one])),
    /** Forgets what was done, and answers with it. */
    took: () => done.splice(0),
    deploy: (template: Template, more: { stackName?: string; parameters?: Record<string, string> } = {}) =>
      stacks.deploy({ stackName: 'Chat', template, ...more }),
    /** `Chat CREATE_IN_PROGRESS`, in the cloud's stream of events. */
    history: () => events.history().flatMap(event => (event.kind === 'resource' ? [line(event)] : [])),
  }
}

const line = ({ logicalId, status }: CloudEvent & { kind: 'resource' }) => `${logicalId} ${status}`

/** A `Test::Thing` with these properties. */
export const thing = (
  properties: Record<string, unknown> = {},
  more: Partial<ResourceDefinition> = {},
): ResourceDefinition => ({ Type: 'Test::Thing', Properties: properties, ...more })

/** `Fn::GetAtt` of its `Value`. */
export const getValue = (name: string) => ({ 'Fn::GetAtt': [name, 'Value'] })
