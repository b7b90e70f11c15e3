import type { Attack } from './attack.ts'
import { badHandshakes } from './attacks/bad-handshakes.ts'
import { bombs, quickBombs, smallBombs } from './attacks/bombs.ts'
import { busyCrowds, crowds, halfHandshakes, throng } from './attacks/crowds.ts'
import { deafClients } from './attacks/deaf-clients.ts'
import { fragments } from './attacks/fragments.ts'
import { garbage } from './attacks/garbage.ts'
import { hugeHeaders } from './attacks/huge-headers.ts'
import { malformedFrames, noise } from './attacks/malformed-frames.ts'
import { pings } from './attacks/pings.ts'
import { pipelines } from './attacks/pipelines.ts'
import { slowLoris } from './attacks/slow-loris.ts'

/** All of them, in the order in which they are tried. */
export const attacks: readonly Attack[] = [
  malformedFrames,
  noise,
  fragments,
  pings,
  bombs,
  smallBombs,
  quickBombs,
  hugeHeaders,
  badHandshakes,
  garbage,
  pipelines,
  slowLoris,
  halfHandshakes,
  deafClients,
  crowds,
  throng,
  busyCrowds,
]
