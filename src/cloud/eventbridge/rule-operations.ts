import { passing } from '../cloudformation/rights.ts'
import type { Access, Operation } from '../service.ts'
import { patternOf } from './checks.ts'
import { invalid } from './errors.ts'
import { pageOf } from './paging.ts'
import { onNothing } from './questions.ts'
import type { Rule } from './rule.ts'
import type { Store } from './store.ts'

type Input = Readonly<Record<string, any>>

/** Rules. */
export function ruleOperations(store: Store): readonly Operation<Input>[] {
  const onRule =
    (action: string) =>
    ({ Name = '', EventBusName }: Input): readonly Access[] => [
      { action: `events:${action}`, resource: store.ruleArn(Name, EventBusName) },
    ]
  return [
    {
      name: 'PutRule',
      access: input => [
        ...onRule('PutRule')(input),
        ...(input.Tags?.length ? onRule('TagResource')(input) : []),
        ...passing(input.RoleArn, 'events.amazonaws.com'),
      ],
      run(input) {
        const rule = store.putRule(input.EventBusName, {
          name: input.Name ?? '',
          pattern: input.EventPattern,
          expression: input.ScheduleExpression,
          state: input.State,
          description: input.Description,
          roleArn: input.RoleArn,
        })
        for (const { Key, Value } of input.Tags ?? []) rule.tags.set(Key, Value)
        return { RuleArn: rule.arn }
      },
    },
    {
      name: 'DescribeRule',
      access: onRule('DescribeRule'),
      run: ({ Name = '', EventBusName }) => shownRule(store.rule(Name, EventBusName), store),
    },
    {
      name: 'DeleteRule',
      access: onRule('DeleteRule'),
      run({ Name = '', EventBusName }) {
        store.deleteRule(Name, EventBusName)
        return {}
      },
    },
    ...(['EnableRule', 'DisableRule'] as const).map(name => ({
      name,
      access: onRule(name),
      run({ Name = '', EventBusName }: Input) {
        store.setState(store.rule(Name, EventBusName), name === 'EnableRule' ? 'ENABLED' : 'DISABLED')
        return {}
      },
    })),
    {
      name: 'ListRules',
      access: onNothing('ListRules'),
      run({ EventBusName, NamePrefix = '', ...paging }) {
        const rules = [...store.bus(EventBusName).rules.values()]
        const { items, ...more } = pageOf(
          rules.filter(({ name }) => name.startsWith(NamePrefix)),
          paging,
        )
        return { Rules: items.map(rule => shownRule(rule)), ...more }
      },
    },
    {
      name: 'TestEventPattern',
      access: onNothing('TestEventPattern'),
      run({ EventPattern = '', Event = '' }) {
        const matches = patternOf(EventPattern)
        return { Result: matches(eventIn(Event)) }
      },
    },
  ]
}

/** What TestEventPattern is given must be whole. */
function eventIn(text: string): unknown {
  try {
    const event = JSON.parse(text)
    const missing = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'].find(
      name => event?.[name] === undefined,
    )
    if (missing === undefined) return event
    throw invalid(`Parameter Event is not valid. Reason: Missing field ${missing}.`)
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('Parameter Event is not valid.')
    throw error
  }
}

const shownRule = (rule: Rule, store?: Store) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventBusName: rule.busName,
  State: rule.state,
  ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
  ...(rule.expression === undefined ? {} : { ScheduleExpression: rule.expression }),
  ...(rule.description === undefined ? {} : { Description: rule.description }),
  ...(rule.roleArn === undefined ? {} : { RoleArn: rule.roleArn }),
  ...(store ? { CreatedBy: store.account.accountId } : {}),
})
