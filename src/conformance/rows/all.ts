import type { Row } from '../row.ts'
import { endings } from './a-ending.ts'
import { handshakes } from './a-handshake.ts'
import { routes } from './b-routing.ts'
import { integrations } from './c-integrations.ts'
import { events } from './d-events.ts'
import { connections } from './e-connections.ts'
import { authorization } from './f-authorization.ts'
import { quotas } from './g-quotas.ts'
import { deployment } from './h-deployment.ts'
import { denials } from './j-denials.ts'

/** Every row of sections A to H and J of the fact sheet, in its order. */
export const facts: readonly Row[] = [
  ...handshakes,
  ...endings,
  ...routes,
  ...integrations,
  ...events,
  ...connections,
  ...authorization,
  ...quotas,
  ...deployment,
  ...denials,
]
