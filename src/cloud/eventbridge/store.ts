import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import { AwsError } from '../error.ts'
import type { Events } from '../events.ts'
import type { OnBehalf } from '../on-behalf.ts'
import { checkRule, checkTarget, patternOf } from './checks.ts'
import { type Dispatch, eventOf } from './dispatch.ts'
import { invalid, noBus, noRule } from './errors.ts'
import { type Bus, isEnabled, type Rule, type RuleSettings, type Target } from './rule.ts'
import { readSchedule } from './schedule.ts'

/** Buses and their rules. A name of a bus may be an ARN; without one the default bus is meant. */
export interface Store {
  readonly account: Account
  now(): number
  all(): readonly Bus[]
  find(nameOrArn: string | undefined): Bus | undefined
  /** Throws `ResourceNotFoundException`. */
  bus(nameOrArn: string | undefined): Bus
  busArn(nameOrArn: string | undefined): string
  ruleArn(name: string, nameOrArn: string | undefined): string
  /** Throws `ResourceAlreadyExistsException`, `ValidationException`. */
  createBus(name: string, description?: string): Bus
  /** A bus that still has rules stays. Throws `ValidationException`. */
  deleteBus(nameOrArn: string): void
  /** Throws `ResourceNotFoundException`. */
  rule(name: string, nameOrArn: string | undefined): Rule
  /** Makes a rule or changes one. Throws `ValidationException`, `InvalidEventPatternException`, `ResourceNotFoundException`. */
  putRule(nameOrArn: string | undefined, settings: RuleSettings): Rule
  setState(rule: Rule, state: string): void
  /** Throws `ValidationException` while it has targets. */
  deleteRule(name: string, nameOrArn: string | undefined): void
  /** Throws `ValidationException` for a target that nothing is brought to here. */
  putTarget(rule: Rule, target: Target): void
  stop(): void
}

/** As many targets as a rule may have. */
const MOST_TARGETS = 5

export function openStore({
  account,
  clock,
  events,
  onBehalf,
  dispatch,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly events: Pick<Events, 'causing'>
  readonly onBehalf: () => OnBehalf
  readonly dispatch: Dispatch
}): Store {
  const buses = new Map<string, Bus>()
  const alarms = new Map<Rule, () => void>()
  const prefix = `arn:${account.partition}:events:${account.region}:${account.accountId}:`
  const nameOf = (nameOrArn = 'default') => nameOrArn.replace(`${prefix}event-bus/`, '')

  const store: Store = {
    account,
    now: clock.now,
    all: () => [...buses.values()],
    find: nameOrArn => buses.get(nameOf(nameOrArn)),
    bus(nameOrArn) {
      const bus = store.find(nameOrArn)
      if (!bus) throw noBus(nameOf(nameOrArn))
      return bus
    },
    busArn: nameOrArn => `${prefix}event-bus/${nameOf(nameOrArn)}`,
    ruleArn(name, nameOrArn) {
      const busName = nameOf(nameOrArn)
      return `${prefix}rule/${busName === 'default' ? '' : `${busName}/`}${name}`
    },
    createBus(name, description) {
      if (!/^[/.\-_A-Za-z0-9]{1,256}$/.test(name)) {
        throw invalid(
          `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+`,
        )
      }
      if (name.includes('/') || buses.has(name)) {
        throw name.includes('/')
          ? invalid("Event bus name must not contain '/'.")
          : new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`)
      }
      const now = clock.now()
      const bus: Bus = {
        name,
        arn: store.busArn(name),
        createdAt: now,
        modifiedAt: now,
        description,
        policy: undefined,
        rules: new Map(),
        tags: new Map(),
      }
      buses.set(name, bus)
      return bus
    },
    deleteBus(nameOrArn) {
      const name = nameOf(nameOrArn)
      if (name === 'default') throw invalid('Cannot delete event bus default.')
      if (buses.get(name)?.rules.size) throw invalid('Event bus can not be deleted since it still has rules.')
      buses.delete(name)
    },
    rule(name, nameOrArn) {
      const rule = store.bus(nameOrArn).rules.get(name)
      if (!rule) throw noRule(name, nameOf(nameOrArn))
      return rule
    },
    putRule,
    setState(rule, state) {
      rule.state = state
      wind(rule)
    },
    deleteRule(name, nameOrArn) {
      const rule = store.find(nameOrArn)?.rules.get(name)
      if (!rule) return
      if (rule.targets.size > 0) throw invalid("Rule can't be deleted since it has targets.")
      callOff(rule)
      store.bus(nameOrArn).rules.delete(name)
    },
    putTarget(rule, target) {
      checkTarget(target, onBehalf())
      if (!rule.targets.has(target.Id) && rule.targets.size >= MOST_TARGETS) {
        throw new AwsError(
          'LimitExceededException',
          `The requested resource exceeds the maximum number allowed. Rule ${rule.name} can have ${MOST_TARGETS} targets.`,
        )
      }
      rule.targets.set(target.Id, target)
    },
    stop() {
      for (const cancel of alarms.values()) cancel()
    },
  }
  store.createBus('default')
  return store

  function putRule(nameOrArn: string | undefined, settings: RuleSettings): Rule {
    const { name, pattern, expression, state = 'ENABLED', description, roleArn } = settings
    const bus = store.bus(nameOrArn)
    checkRule(settings, bus)
    const matches = pattern === undefined ? undefined : patternOf(pattern)
    const schedule = expression === undefined ? undefined : readSchedule(expression)
    const rule: Rule = bus.rules.get(name) ?? {
      name,
      arn: store.ruleArn(name, nameOrArn),
      busName: bus.name,
      state,
      description,
      roleArn,
      pattern,
      matches,
      expression,
      schedule,
      targets: new Map(),
      tags: new Map(),
    }
    Object.assign(rule, { state, description, roleArn, pattern, matches, expression, schedule })
    bus.rules.set(name, rule)
    wind(rule)
    return rule
  }

  /** Sets the alarm for the next time of a rule's schedule. */
  function wind(rule: Rule): void {
    callOff(rule)
    const due = isEnabled(rule) ? rule.schedule?.(clock.now()) : undefined
    if (due === undefined) return
    // Time makes it happen, and not the call that has put the rule.
    const set = () => clock.after(due - clock.now(), () => ring(rule, due))
    alarms.set(rule, events.causing(undefined, set))
  }

  function ring(rule: Rule, due: number): void {
    dispatch.toTargets(
      rule,
      eventOf(account, due, {
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        resources: [rule.arn],
        detail: {},
      }),
    )
    wind(rule)
  }

  function callOff(rule: Rule): void {
    alarms.get(rule)?.()
    alarms.delete(rule)
  }
}
