/** Says whether one more request may pass, and counts it if so. */
export type Throttle = () => boolean

/** The quotas of an account, which stand in for what a stage leaves open. */
const BURST_BY_DEFAULT = 5000
const RATE_BY_DEFAULT = 10_000

/**
 * A token bucket: `rate` a second, at most `burst` at once (facts: G9). Both 0 let nothing through; what is not given
 * is the account's own 10,000 and 5,000 (facts: G8).
 */
export function tokenBucket(
  { rate = RATE_BY_DEFAULT, burst = BURST_BY_DEFAULT }: Throttling,
  now: () => number,
): Throttle {
  let tokens = burst
  let filled = now()
  return () => {
    const time = now()
    tokens = Math.min(burst, tokens + ((time - filled) / 1000) * rate)
    filled = time
    if (tokens < 1) return false
    tokens--
    return true
  }
}

/** Requests a second, and at once. */
export interface Throttling {
  readonly rate?: number | undefined
  readonly burst?: number | undefined
}
