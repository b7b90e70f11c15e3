import { setTimeout as pause } from 'node:timers/promises'

/** The stages of the labs let 50 messages a second through. So many milliseconds for each stay below that, on any machine. */
const PACE = 25

/** Waits for one exchange of many in a row, and for as long as it must take so that no stage throttles the next one. */
export async function paced<T>(exchange: Promise<T>): Promise<T> {
  const [outcome] = await Promise.all([exchange, pause(PACE)])
  return outcome
}
