const RealDate = Date

/** Milliseconds since the epoch by the machine's clock, whatever a handler's `Date` says: for time limits, which are about real processes. */
export const realNow = RealDate.now

/** Less than this, in milliseconds, is the way from the cloud to here. */
const ON_THE_WAY = 1000

let ahead = 0

/**
 * Lets `Date` follow the cloud's clock, which shows `now`: on AWS a function and the services it hears from live at the same
 * time. As long as the clock has not been moved on, `Date` is left as it is.
 */
export function liveAt(now: number) {
  const difference = now - realNow()
  ahead = difference > ON_THE_WAY ? difference : 0
  if (ahead > 0) globalThis.Date = movedDate
}

const movedNow = () => realNow() + ahead

const movedDate = new Proxy(RealDate, {
  construct: (date, parts, target) =>
    Reflect.construct(date, parts.length === 0 ? [movedNow()] : parts, target),
  apply: () => new RealDate(movedNow()).toString(),
  get: (date, member) => (member === 'now' ? movedNow : Reflect.get(date, member)),
})
