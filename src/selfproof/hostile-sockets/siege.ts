import { setTimeout as pause } from 'node:timers/promises'
import { HANG } from '../../machine/bounds.ts'
import type { Answers, Attack } from './attack.ts'
import type { Noticed } from './bystander.ts'
import { startChild } from './child.ts'
import type { Health, Whereabouts } from './victim.ts'

/** What an attack came to. */
export interface Outcome {
  readonly attack: Attack
  readonly size: number
  readonly answers: Answers
  readonly before: Health
  /** The most bytes there were meanwhile. */
  readonly peak: number
  readonly after: Health
  readonly bystander: Noticed
  readonly ms: number
}

/** A cloud that is attacked, and somebody who is there by chance. */
export interface Siege {
  /** Attacks, and waits until the cloud has put everything away, or a while is over. Rejects when it or the bystander dies. */
  lay(attack: Attack, size: number): Promise<Outcome>
  stop(): Promise<void>
}

/** Starts a cloud and its bystander, in processes of their own. */
export async function startSiege(): Promise<Siege> {
  const victim = startChild('./victim.ts')
  const stopVictim = victim.stop
  try {
    const whereabouts = (await victim.says) as Whereabouts
    const bystander = startChild('./bystander.ts', [whereabouts.busy])
    await bystander.says
    const health = async () => (await victim.ask()) as Health
    const noticed = async () => (await bystander.ask()) as Noticed

    return {
      async lay(attack, size) {
        await noticed()
        const before = await health()
        const since = performance.now()
        const answers = await Promise.race([attack.run(whereabouts, size), victim.died, bystander.died])
        const ms = performance.now() - since
        const { peak } = await health()
        const after = await settled(health, before)
        return { attack, size, answers, before, peak, after, bystander: await noticed(), ms }
      },
      async stop() {
        await bystander.stop()
        await stopVictim()
      },
    }
  } catch (error) {
    await stopVictim()
    throw error
  }
}

/**
 * How the cloud is once it holds no more than before, or when it hangs. It gives clients five seconds to hang up. A client
 * that has sent too much is not read from, so its end is seen only when all of that has been dealt with.
 */
async function settled(health: () => Promise<Health>, before: Health): Promise<Health> {
  for (const deadline = Date.now() + HANG; ; await pause(100)) {
    const now = await health()
    if (Date.now() > deadline) return now
    if (now.sockets <= before.sockets && now.connections <= before.connections) return now
  }
}
