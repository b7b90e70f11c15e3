import { passing } from '../cloudformation/rights.ts'
import type { Access, Operation } from '../service.ts'
import { pageOf } from './paging.ts'
import { onNothing } from './questions.ts'
import type { Target } from './rule.ts'
import type { Store } from './store.ts'

type Input = Readonly<Record<string, any>>

/** Targets of rules. */
export function targetOperations(store: Store): readonly Operation<Input>[] {
  const onRule =
    (action: string, targets: readonly Target[] = []) =>
    ({ Rule = '', EventBusName }: Input): readonly Access[] => [
      {
        action: `events:${action}`,
        resource: store.ruleArn(Rule, EventBusName),
        ...(targets.length > 0
          ? { context: { 'events:TargetArn': targets.map(({ Arn }) => String(Arn)) } }
          : {}),
      },
    ]
  return [
    {
      name: 'PutTargets',
      access: input => [
        ...onRule('PutTargets', input.Targets)(input),
        ...(input.Targets ?? []).flatMap(({ RoleArn }: Target) => passing(RoleArn, 'events.amazonaws.com')),
      ],
      run({ Rule = '', EventBusName, Targets = [] }) {
        const rule = store.rule(Rule, EventBusName)
        for (const target of Targets) store.putTarget(rule, target)
        return { FailedEntryCount: 0, FailedEntries: [] }
      },
    },
    {
      name: 'RemoveTargets',
      access: onRule('RemoveTargets'),
      run({ Rule = '', EventBusName, Ids = [] }) {
        const { targets } = store.rule(Rule, EventBusName)
        const FailedEntries = (Ids as string[])
          .filter(id => !targets.delete(id))
          .map(id => ({
            TargetId: id,
            ErrorCode: 'ResourceNotFoundException',
            ErrorMessage: `Rule ${Rule} does not have a target with the Id ${id}.`,
          }))
        return { FailedEntryCount: FailedEntries.length, FailedEntries }
      },
    },
    {
      name: 'ListTargetsByRule',
      access: onRule('ListTargetsByRule'),
      run({ Rule = '', EventBusName, ...paging }) {
        const { items, ...more } = pageOf([...store.rule(Rule, EventBusName).targets.values()], paging)
        return { Targets: items, ...more }
      },
    },
    {
      name: 'ListRuleNamesByTarget',
      access: onNothing('ListRuleNamesByTarget'),
      run({ TargetArn, EventBusName, ...paging }) {
        const rules = [...store.bus(EventBusName).rules.values()].filter(({ targets }) =>
          [...targets.values()].some(({ Arn }) => Arn === TargetArn),
        )
        const { items, ...more } = pageOf(rules, paging)
        return { RuleNames: items.map(({ name }) => name), ...more }
      },
    },
  ]
}
