import type { Criterion } from '#kit'
import { actOne } from './act-one.ts'
import { actTwo } from './act-two.ts'
import { clients } from './clients.ts'

/** What lab 5 promises: clients that wait hear; nobody else does, and nobody else speaks; and what ships with it can be relied on. */
export const criteria: readonly Criterion[] = [...actOne, ...actTwo, ...clients]
