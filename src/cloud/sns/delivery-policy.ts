import { invalidParameter } from './errors.ts'
import { JsonProblem, parseJson } from './filter/json-reader.ts'
import type { Subscription, Topic } from './topic.ts'

/** How often and how far apart a delivery by HTTP is tried again. Delays are in seconds. */
export interface RetryPolicy {
  readonly minDelayTarget: number
  readonly maxDelayTarget: number
  readonly numRetries: number
  readonly numMaxDelayRetries: number
  readonly numNoDelayRetries: number
  readonly numMinDelayRetries: number
  readonly backoffFunction: 'linear' | 'arithmetic' | 'geometric' | 'exponential'
}

/** SNS's own: three more attempts, twenty seconds apart. */
export const DEFAULT_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
}

const DEFAULT_CONTENT_TYPE = 'text/plain; charset=UTF-8'

/** What holds for one subscription when its own policy and its topic's are put together. */
export interface Effective {
  readonly healthyRetryPolicy: RetryPolicy
  readonly throttlePolicy: { readonly maxReceivesPerSecond: number } | null
  readonly requestPolicy: { readonly headerContentType: string }
}

/** Throws `InvalidParameter` for a delivery policy that is none. The words are assumed. */
export function checkDeliveryPolicy(text: string, of: 'topic' | 'subscription', where: string): void {
  const problem = (message: string) => invalidParameter(`${where}DeliveryPolicy: ${message}`)
  const policy = parsed(text, problem)
  const [retries, throttle] =
    of === 'topic'
      ? [policy.http?.defaultHealthyRetryPolicy, policy.http?.defaultThrottlePolicy]
      : [policy.healthyRetryPolicy, policy.throttlePolicy]
  const { numRetries, minDelayTarget, maxDelayTarget, backoffFunction, ...counts } = {
    ...DEFAULT_RETRIES,
    ...retries,
  }
  if (!isBetween(numRetries, 0, 100)) throw problem('numRetries must be between 0 and 100')
  if (!isBetween(minDelayTarget, 1, maxDelayTarget)) {
    throw problem('minDelayTarget must be between 1 and maxDelayTarget')
  }
  if (!isBetween(maxDelayTarget, 1, 3600)) throw problem('maxDelayTarget must be between 1 and 3600')
  const { numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = counts
  if (numNoDelayRetries + numMinDelayRetries + numMaxDelayRetries > numRetries) {
    throw problem('the retries of all phases must not be more than numRetries')
  }
  if (!Object.hasOwn(backoff, backoffFunction)) throw problem(`unknown backoffFunction ${backoffFunction}`)
  if (throttle && !isBetween(throttle.maxReceivesPerSecond, 1, Number.POSITIVE_INFINITY)) {
    throw problem('maxReceivesPerSecond must be at least 1')
  }
}

/** What `EffectiveDeliveryPolicy` shows of a topic. */
export function effectiveOfTopic({ attributes }: Topic) {
  const { defaultHealthyRetryPolicy, disableSubscriptionOverrides, defaultThrottlePolicy, ...rest } =
    JSON.parse(attributes.get('DeliveryPolicy') ?? '{}').http ?? {}
  return {
    http: {
      defaultHealthyRetryPolicy: { ...DEFAULT_RETRIES, ...defaultHealthyRetryPolicy },
      disableSubscriptionOverrides: disableSubscriptionOverrides ?? false,
      ...(defaultThrottlePolicy ? { defaultThrottlePolicy } : {}),
      defaultRequestPolicy: { headerContentType: DEFAULT_CONTENT_TYPE, ...rest.defaultRequestPolicy },
    },
  }
}

/** What `DeliveryPolicy` shows of a subscription that has one: every member, whether it was given or not. */
export function shownDeliveryPolicy(text: string) {
  const { healthyRetryPolicy, throttlePolicy, requestPolicy } = JSON.parse(text)
  return {
    healthyRetryPolicy: healthyRetryPolicy ? { ...DEFAULT_RETRIES, ...healthyRetryPolicy } : null,
    sicklyRetryPolicy: null,
    throttlePolicy: throttlePolicy ?? null,
    requestPolicy: requestPolicy ?? null,
    guaranteed: false,
  }
}

/** What holds for a subscription: its own policy before its topic's, unless the topic forbids that. */
export function effectiveOf({ topic, attributes }: Subscription): Effective {
  const { http } = effectiveOfTopic(topic)
  const own = http.disableSubscriptionOverrides ? {} : JSON.parse(attributes.get('DeliveryPolicy') ?? '{}')
  return {
    healthyRetryPolicy: own.healthyRetryPolicy
      ? { ...DEFAULT_RETRIES, ...own.healthyRetryPolicy }
      : http.defaultHealthyRetryPolicy,
    throttlePolicy: own.throttlePolicy ?? http.defaultThrottlePolicy ?? null,
    requestPolicy: own.requestPolicy ?? http.defaultRequestPolicy,
  }
}

/** What `EffectiveDeliveryPolicy` shows of a subscription. */
export function shownEffective(subscription: Subscription) {
  const { healthyRetryPolicy, throttlePolicy, requestPolicy } = effectiveOf(subscription)
  return { healthyRetryPolicy, sicklyRetryPolicy: null, throttlePolicy, requestPolicy, guaranteed: false }
}

/**
 * Seconds before each further attempt, through SNS's four phases: at once, at the least delay, growing, at the most.
 */
export function delays(policy: RetryPolicy): readonly number[] {
  const { minDelayTarget: least, maxDelayTarget: most } = policy
  const growing =
    policy.numRetries - policy.numNoDelayRetries - policy.numMinDelayRetries - policy.numMaxDelayRetries
  const grow = backoff[policy.backoffFunction]
  return [
    ...Array<number>(policy.numNoDelayRetries).fill(0),
    ...Array<number>(policy.numMinDelayRetries).fill(least),
    ...Array.from(
      { length: Math.max(0, growing) },
      (_, step) => least + (most - least) * grow(growing > 1 ? step / (growing - 1) : 0),
    ),
    ...Array<number>(policy.numMaxDelayRetries).fill(most),
  ]
}

/** From 0 to 1, by the part of the way that has been gone. AWS shows these curves but gives no formula: assumed. */
const backoff: Readonly<Record<RetryPolicy['backoffFunction'], (part: number) => number>> = {
  linear: part => part,
  arithmetic: part => (part * part + part) / 2,
  geometric: part => part * part,
  exponential: part => (2 ** (10 * part) - 1) / (2 ** 10 - 1),
}

const isBetween = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most

function parsed(text: string, problem: (message: string) => Error): any {
  try {
    return parseJson(text) ?? {}
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error
    throw problem(error.message)
  }
}
