import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { OnBehalf } from '../on-behalf.ts'
import { busFor, isBus, type Means } from './forward.ts'
import { inputFor } from './input.ts'
import { type Bus, type BusEvent, isEnabled, type Rule, type Target } from './rule.ts'

/** Who EventBridge is to the policies of targets. */
const SERVICE = 'events.amazonaws.com'

/** Brings events to the targets of rules. */
export interface Dispatch {
  /** Tries an event on all rules of a bus. */
  toRules(bus: Bus, event: BusEvent): void
  /** Brings an event to the targets of one rule, unasked: its time has come. */
  toTargets(rule: Rule, event: BusEvent): void
}

/** How targets are reached. */
export interface Reach {
  readonly onBehalf: () => OnBehalf
  readonly roles: Means
  readonly find: (busArn: string) => Bus | undefined
}

export function startDispatch({ onBehalf, roles, find }: Reach): Dispatch {
  return {
    toRules: (bus, event) => toRules(bus, event, false),
    toTargets: (rule, event) => toTargets(rule, event, false),
  }

  function toRules(bus: Bus, event: BusEvent, isForwarded: boolean): void {
    for (const rule of bus.rules.values()) {
      if (isEnabled(rule) && rule.matches?.(event)) toTargets(rule, event, isForwarded)
    }
  }

  function toTargets(rule: Rule, event: BusEvent, isForwarded: boolean): void {
    for (const target of rule.targets.values()) {
      // An event goes from one bus to another, and not on to a third.
      if (isForwarded && isBus(target.Arn)) continue
      attempt(rule, target, event)
    }
  }

  function attempt(rule: Rule, target: Target, event: BusEvent): void {
    try {
      if (isBus(target.Arn)) toRules(busFor(target, event, find, roles), event, true)
      else deliver(rule, target, event)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      bury(rule, target, event, error)
    }
  }

  function deliver(rule: Rule, target: Target, event: BusEvent): void {
    const groupId = target.SqsParameters?.MessageGroupId
    onBehalf().send({
      service: SERVICE,
      sourceArn: rule.arn,
      targetArn: target.Arn,
      body: inputFor(target, event, rule),
      ...(groupId === undefined ? {} : { groupId }),
    })
  }

  /** A target that is gone or lets nobody in is not tried again: the event goes to the dead letters, if there are any. */
  function bury(rule: Rule, target: Target, event: BusEvent, { message, status }: AwsError): void {
    const queue = target.DeadLetterConfig?.Arn
    if (queue === undefined) return
    const text = (StringValue: string) => ({ DataType: 'String', StringValue })
    try {
      onBehalf().send({
        service: SERVICE,
        sourceArn: rule.arn,
        targetArn: queue,
        body: JSON.stringify(event),
        attributes: {
          ERROR_CODE: text(status === 403 ? 'NO_PERMISSIONS' : 'RESOURCE_NOT_FOUND'),
          ERROR_MESSAGE: text(message || ' '),
          RULE_ARN: text(rule.arn),
          TARGET_ARN: text(target.Arn),
        },
      })
    } catch (error) {
      // The dead letters are not to be reached either: the event is lost, as on AWS.
      if (!(error instanceof AwsError)) throw error
    }
  }
}

/** An event of now. */
export function eventOf(
  account: Account,
  at: number,
  given: Pick<BusEvent, 'source' | 'detail-type' | 'detail'> & { readonly resources?: readonly string[] },
): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': given['detail-type'],
    source: given.source,
    account: account.accountId,
    time: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: account.region,
    resources: given.resources ?? [],
    detail: given.detail,
  }
}
