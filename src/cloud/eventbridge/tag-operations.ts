import { AwsError } from '../error.ts'
import type { Access, Operation } from '../service.ts'
import type { Store } from './store.ts'

type Input = Readonly<Record<string, any>>

/** Tags of buses and rules. */
export function tagOperations(store: Store): readonly Operation<Input>[] {
  const access =
    (action: string) =>
    ({ ResourceARN = '' }: Input): readonly Access[] => [
      { action: `events:${action}`, resource: ResourceARN },
    ]
  const tagsOf = (arn = '') => {
    for (const bus of store.all()) {
      if (bus.arn === arn) return bus.tags
      for (const rule of bus.rules.values()) if (rule.arn === arn) return rule.tags
    }
    throw new AwsError('ResourceNotFoundException', `${arn} does not exist.`)
  }
  return [
    {
      name: 'TagResource',
      access: access('TagResource'),
      run({ ResourceARN, Tags = [] }) {
        for (const { Key, Value } of Tags) tagsOf(ResourceARN).set(Key, Value)
        return {}
      },
    },
    {
      name: 'UntagResource',
      access: access('UntagResource'),
      run({ ResourceARN, TagKeys = [] }) {
        for (const key of TagKeys) tagsOf(ResourceARN).delete(key)
        return {}
      },
    },
    {
      name: 'ListTagsForResource',
      access: access('ListTagsForResource'),
      run: ({ ResourceARN }) => ({
        Tags: [...tagsOf(ResourceARN)].map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  ]
}
