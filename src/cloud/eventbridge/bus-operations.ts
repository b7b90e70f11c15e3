import { AwsError } from '../error.ts'
import type { Access, Operation } from '../service.ts'
import { putPermission, setStatements, statements } from './bus-policy.ts'
import { invalid } from './errors.ts'
import { pageOf } from './paging.ts'
import { onNothing } from './questions.ts'
import type { Bus } from './rule.ts'
import type { Store } from './store.ts'

type Input = Readonly<Record<string, any>>

/** Buses and their policies. */
export function busOperations(store: Store): readonly Operation<Input>[] {
  const onBus =
    (action: string) =>
    ({ Name }: Input): readonly Access[] => [{ action: `events:${action}`, resource: store.busArn(Name) }]
  return [
    {
      name: 'CreateEventBus',
      access: onBus('CreateEventBus'),
      run({ Name = '', Description, Tags = [], EventSourceName, DeadLetterConfig }) {
        if (EventSourceName !== undefined) throw invalid('Partner event sources are not here.')
        if (DeadLetterConfig?.Arn !== undefined) throw invalid('Dead letters of a bus are not here.')
        const bus = store.createBus(Name, Description)
        for (const { Key, Value } of Tags) bus.tags.set(Key, Value)
        return { EventBusArn: bus.arn, ...(Description === undefined ? {} : { Description }) }
      },
    },
    {
      name: 'DeleteEventBus',
      access: onBus('DeleteEventBus'),
      run: ({ Name = '' }) => {
        store.deleteBus(Name)
        return {}
      },
    },
    {
      name: 'DescribeEventBus',
      access: onBus('DescribeEventBus'),
      run: ({ Name }) => shownBus(store.bus(Name)),
    },
    {
      name: 'ListEventBuses',
      access: onNothing('ListEventBuses'),
      run({ NamePrefix = '', ...paging }) {
        const { items, ...more } = pageOf(
          store.all().filter(({ name }) => name.startsWith(NamePrefix)),
          paging,
        )
        return { EventBuses: items.map(shownBus), ...more }
      },
    },
    {
      name: 'PutPermission',
      access: onNothing('PutPermission'),
      run: input => {
        putPermission(store.bus(input.EventBusName), input)
        return {}
      },
    },
    {
      name: 'RemovePermission',
      access: onNothing('RemovePermission'),
      run({ EventBusName, StatementId, RemoveAllPermissions }) {
        const bus = store.bus(EventBusName)
        const left = RemoveAllPermissions ? [] : statements(bus).filter(({ Sid }) => Sid !== StatementId)
        if (!RemoveAllPermissions && left.length === statements(bus).length) {
          throw new AwsError('ResourceNotFoundException', 'Statement with the provided id does not exist.')
        }
        setStatements(bus, left)
        return {}
      },
    },
  ]
}

const shownBus = ({ name, arn, description, policy, createdAt, modifiedAt }: Bus) => ({
  Name: name,
  Arn: arn,
  ...(description === undefined ? {} : { Description: description }),
  ...(policy ? { Policy: JSON.stringify(policy) } : {}),
  CreationTime: createdAt / 1000,
  LastModifiedTime: modifiedAt / 1000,
})
