import type { Principal } from '../iam/principal.ts'
import type { Instance } from './instance.ts'
import type { Journal } from './journal.ts'

/** An instance that has been started, with its log. */
export interface Staffed {
  readonly instance: Instance
  readonly journal: Journal
  /** Who it is to the services it calls. */
  readonly principal: Principal
  /** When its credentials end, in milliseconds since the epoch. Sessions go by real time, as clients do. */
  readonly expires: number
}

/** What pools share: there are only so many processes on one machine. */
export interface Capacity {
  /** Whether one more may be started now. It then counts, until `left`. */
  enter(): boolean
  /** One has finished starting, well or badly. */
  up(): void
  /** One has ended. */
  left(): void
}
