// For tests alone: a whole cloud that sees its guardian out.
import { type Cloud, startCloud } from '../cloud.ts'
import { startGuardian } from '../guardian.ts'

/** Starts it. `stop` sees it out. */
export async function askedCloud(): Promise<Cloud> {
  const guardian = startGuardian()
  const cloud = await startCloud({ guardian })
  return {
    ...cloud,
    async stop() {
      await cloud.stop()
      await guardian.stop()
    },
  }
}
