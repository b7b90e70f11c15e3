import { assert } from '../assert.ts'
import type { Ground } from '../ground.ts'
import type { World } from '../world.ts'

/**
 * Holds if a stack cannot be deployed, and for this reason: it stands somewhere in what is told of the failure. Where
 * AWS's own words are not known, the pattern is only what any reason would have to name.
 */
export async function assertRefused(world: World, ground: Ground, because: RegExp): Promise<void> {
  const { message, evidence } = await world.refused(ground)
  assert.match([message, ...evidence].join('\n'), because)
}
