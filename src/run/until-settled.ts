import { setTimeout } from 'node:timers/promises'
import type { Finding, Settling } from '#kit'

/**
 * What a call that is refused looks like from outside: AWS's words for it, or the 500 and the error frame of an API that
 * may not call its function.
 */
const REFUSED = /AccessDenied|not authorized to perform|\b500\b|Internal server error/

/** What time it is, in milliseconds, and how time passes. */
export interface Time {
  now(): number
  pause(ms: number): Promise<unknown>
}

const realTime: Time = { now: Date.now, pause: ms => setTimeout(ms) }

/**
 * Judges on a stack that has just been deployed. Where IAM may still be late, a promise that is broken by a refusal is
 * tried again, until it is kept, or has been broken in the same way for long enough; from then on IAM is believed.
 */
export function untilSettled(
  settling: Settling | undefined,
  { now, pause }: Time = realTime,
): (judge: () => Promise<Finding>) => Promise<Finding> {
  if (!settling) return judge => judge()
  const { within, window, every, tell } = settling
  const end = now() + within
  let isSettled = false

  return async judge => {
    let finding = await judge()
    if (isSettled || !isRefusal(finding) || now() >= end) return finding
    const seconds = Math.ceil((end - now()) / 1000)
    tell(
      `Something was refused. IAM takes a while to know what it has been told: waiting for IAM, up to ${seconds} s.\n`,
    )
    let since = now()
    while (now() < end && now() - since < window) {
      await pause(every)
      const next = await judge()
      if (!isRefusal(next)) return next
      if (outcomeOf(next) !== outcomeOf(finding)) since = now()
      finding = next
    }
    isSettled = true
    return finding
  }
}

/** What was seen, but for what is new each time: ids and nonces. */
const outcomeOf = ({ observed = '' }: Finding): string => observed.replace(/[\w-]{15}=|\b[0-9a-f]{8}\b/g, '')

const isRefusal = ({ verdict, observed = '', evidence = [] }: Finding): boolean =>
  verdict === 'fail' && [observed, ...evidence].some(line => REFUSED.test(line))
