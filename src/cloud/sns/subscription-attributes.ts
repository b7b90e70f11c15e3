import { lacking } from '../lack.ts'
import { checkDeliveryPolicy, shownDeliveryPolicy, shownEffective } from './delivery-policy.ts'
import { invalidParameter } from './errors.ts'
import { compileFilter, type Filter, type Scope } from './filter/filter-policy.ts'
import { JsonProblem, parseJson } from './filter/json-reader.ts'
import { isRaw, type Subscription } from './topic.ts'

/** What a check needs to know of the subscription. */
type About = Pick<Subscription, 'protocol' | 'endpoint' | 'attributes'> & {
  readonly topic: { readonly isFifo: boolean }
}

/** A value as it is kept; an empty one takes the attribute away. `where` stands in front of AWS's complaints. */
type Check = (value: string, about: About, where: string) => string

const checks: Readonly<Record<string, Check>> = {
  RawMessageDelivery(value, { protocol }, where) {
    if (!/^(true|false)$/i.test(value)) {
      throw invalidParameter(`${where}RawMessageDelivery: Invalid value [${value}]. Must be true or false.`)
    }
    const isOn = value.toLowerCase() === 'true'
    if (isOn && protocol === 'lambda') {
      throw invalidParameter(`${where}Delivery protocol [lambda] does not support raw message delivery.`)
    }
    return String(isOn)
  },
  // Compiled with its scope once all attributes are known; an empty object is how a policy is taken away.
  FilterPolicy: value => (/^\s*\{\s*\}\s*$/.test(value) ? '' : value),
  FilterPolicyScope(value, _about, where) {
    if (value !== 'MessageAttributes' && value !== 'MessageBody') {
      throw invalidParameter(
        `${where}FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
      )
    }
    return value
  },
  RedrivePolicy: checkRedrivePolicy,
  DeliveryPolicy(value, { protocol }, where) {
    if (value === '') return value
    // Assumed.
    if (protocol !== 'http' && protocol !== 'https') {
      throw invalidParameter(`${where}Delivery protocol [${protocol}] does not support delivery policies.`)
    }
    checkDeliveryPolicy(value, 'subscription', where)
    return value
  },
}

/** Attributes that AWS has and this cloud does not: replays from an archive, and Firehose. */
const NOT_HERE = ['ReplayPolicy', 'SubscriptionRoleArn']

/**
 * The attributes a subscription has when `changes` are made, and its filter. Throws `InvalidParameter`; of an
 * attribute there is none of, what `unknown` makes of its name.
 */
export function changedAttributes(
  about: About,
  changes: Readonly<Record<string, string>>,
  { where, unknown }: { readonly where: string; readonly unknown: (name: string) => Error },
): { readonly attributes: ReadonlyMap<string, string>; readonly filter: Filter | undefined } {
  const attributes = new Map(about.attributes)
  for (const [name, given] of Object.entries(changes)) {
    if (NOT_HERE.includes(name))
      throw lacking(invalidParameter(`${where}${name}: the local cloud does not have this`))
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (!check) throw unknown(name)
    const value = check(String(given), about, where)
    if (value === '') attributes.delete(name)
    else attributes.set(name, value)
  }
  const policy = attributes.get('FilterPolicy')
  return {
    attributes,
    filter: policy === undefined ? undefined : compileFilter(policy, scopeOf(attributes), where),
  }
}

/** Whether a second Subscribe asks for what is there already: what it leaves out is no difference. */
export function sameAttributes(
  there: ReadonlyMap<string, string>,
  asked: ReadonlyMap<string, string>,
): boolean {
  return [...asked].every(([name, value]) => (there.get(name) ?? DEFAULTS[name]) === value)
}

const DEFAULTS: Readonly<Record<string, string>> = {
  RawMessageDelivery: 'false',
  FilterPolicyScope: 'MessageAttributes',
}

/** What GetSubscriptionAttributes shows. */
export function shownSubscription(subscription: Subscription): Map<string, string> {
  const { topic, protocol, attributes } = subscription
  const shown = new Map([
    ['SubscriptionArn', subscription.arn],
    ['TopicArn', topic.arn],
    ['Protocol', protocol],
    ['Endpoint', subscription.endpoint],
    ['Owner', topic.arn.split(':')[4]!],
    ['SubscriptionPrincipal', subscription.principal],
    ['PendingConfirmation', String(!subscription.isConfirmed)],
    ['ConfirmationWasAuthenticated', String(subscription.wasAuthenticated)],
    ['RawMessageDelivery', String(isRaw(subscription))],
  ])
  const filter = attributes.get('FilterPolicy')
  if (filter !== undefined) {
    shown.set('FilterPolicy', filter)
    shown.set('FilterPolicyScope', scopeOf(attributes))
  }
  const redrive = attributes.get('RedrivePolicy')
  if (redrive !== undefined) shown.set('RedrivePolicy', redrive)
  if (protocol === 'http' || protocol === 'https') {
    const own = attributes.get('DeliveryPolicy')
    if (own !== undefined) shown.set('DeliveryPolicy', JSON.stringify(shownDeliveryPolicy(own)))
    shown.set('EffectiveDeliveryPolicy', JSON.stringify(shownEffective(subscription)))
  }
  return shown
}

/** The queue for what cannot be delivered. */
export function deadLetterQueueOf({ attributes }: Subscription): string | undefined {
  const policy = attributes.get('RedrivePolicy')
  return policy === undefined ? undefined : JSON.parse(policy).deadLetterTargetArn
}

function scopeOf(attributes: ReadonlyMap<string, string>): Scope {
  return (attributes.get('FilterPolicyScope') ?? 'MessageAttributes') as Scope
}

function checkRedrivePolicy(value: string, { topic, endpoint }: About, where: string): string {
  if (value === '') return value
  const problem = (message: string) => invalidParameter(`${where}RedrivePolicy: ${message}`)
  const target = String(parsed(value, problem)?.deadLetterTargetArn ?? '')
  if (!/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(target)) {
    throw problem('deadLetterTargetArn is an invalid arn')
  }
  if (topic.isFifo && endpoint.endsWith('.fifo') && !target.endsWith('.fifo')) {
    throw problem('must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.')
  }
  return value
}

function parsed(text: string, problem: (message: string) => Error): any {
  try {
    return parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error
    throw problem(error.message)
  }
}
