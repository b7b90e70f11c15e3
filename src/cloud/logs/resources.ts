import type { ResourceType } from '../cloudformation/resource.ts'
import { customResourceRights } from '../lambda/rights.ts'
import { checkRetention, type LogGroup, removeStream } from './group.ts'
import { groupOf, type Logs } from './log-store.ts'
import { logGroupRights, logStreamRights } from './rights.ts'

/** AWS::Logs::LogGroup, AWS::Logs::LogStream, and CDK's Custom::LogRetention as a setting of the group. */
export function resourceTypes(
  logs: Pick<Logs, 'groups' | 'createGroup' | 'deleteGroup' | 'createStream'>,
): readonly ResourceType[] {
  const configure = (group: LogGroup, properties: Readonly<Record<string, any>>) => {
    group.retentionInDays =
      properties.RetentionInDays === undefined
        ? undefined
        : checkRetention(Number(properties.RetentionInDays))
    group.tags.clear()
    for (const { Key, Value } of properties.Tags ?? []) group.tags.set(Key, Value)
    return { physicalId: group.name, attributes: { Arn: group.arn } }
  }

  return [
    {
      type: 'AWS::Logs::LogGroup',
      nameProperty: 'LogGroupName',
      rights: logGroupRights,
      properties: {
        LogGroupName: 'replace',
        RetentionInDays: 'update',
        Tags: 'update',
        KmsKeyId: 'harmless',
        LogGroupClass: 'harmless',
        DeletionProtectionEnabled: 'harmless',
      },
      attributes: ['Arn'],
      create: request =>
        configure(
          logs.createGroup(request.properties.LogGroupName ?? request.inventName(512)),
          request.properties,
        ),
      update: (request, existing) => configure(groupOf(logs.groups, existing.physicalId), request.properties),
      delete(existing) {
        // Somebody may have deleted it by hand: then there is nothing left to do.
        if (logs.groups.has(existing.physicalId)) logs.deleteGroup(existing.physicalId)
      },
    },
    {
      type: 'AWS::Logs::LogStream',
      attributes: [],
      rights: logStreamRights,
      properties: { LogGroupName: 'replace', LogStreamName: 'replace' },
      create({ properties, inventName }) {
        const stream = logs.createStream(properties.LogGroupName, properties.LogStreamName ?? inventName(512))
        return { physicalId: stream.name, attributes: {} }
      },
      delete: existing => {
        const group = logs.groups.get(existing.properties.LogGroupName)
        if (group) removeStream(group, existing.physicalId)
      },
    },
    {
      // What `logRetention` makes: a function of CDK's sets the retention. The function is not needed here.
      type: 'Custom::LogRetention',
      rights: customResourceRights,
      properties: {
        ServiceToken: 'harmless',
        LogGroupName: 'replace',
        LogGroupRegion: 'harmless',
        RetentionInDays: 'update',
        RemovalPolicy: 'update',
        SdkRetry: 'harmless',
        Tags: 'harmless',
      },
      attributes: ['LogGroupName'],
      create: ({ properties }) => retain(properties),
      update: ({ properties }) => retain(properties),
      delete(existing) {
        if (existing.properties.RemovalPolicy === 'destroy' && logs.groups.has(existing.physicalId)) {
          logs.deleteGroup(existing.physicalId)
        }
      },
    },
  ]

  function retain(properties: Readonly<Record<string, any>>) {
    const name: string = properties.LogGroupName
    const group = logs.groups.get(name) ?? logs.createGroup(name)
    const days = Number(properties.RetentionInDays)
    // CDK writes RetentionDays.INFINITE as 9999, or leaves it out.
    group.retentionInDays = Number.isNaN(days) || days === 9999 ? undefined : checkRetention(days)
    return { physicalId: name, attributes: { LogGroupName: name } }
  }
}
