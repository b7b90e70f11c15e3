import type { Verdict } from '#kit'

type Lap = 'synth' | 'deploy' | 'probe'

/** Times the laps of a check, in whole milliseconds. */
export function stopwatch() {
  const start = performance.now()
  const laps: Record<Lap, number> = { synth: 0, deploy: 0, probe: 0 }
  let last = start

  return {
    lap(name: Lap): void {
      laps[name] = Math.round(performance.now() - last)
      last = performance.now()
    },
    sinceLap: (): number => Math.round(performance.now() - last),
    read: (): Verdict['ms'] => ({ ...laps, total: Math.round(performance.now() - start) }),
  }
}
