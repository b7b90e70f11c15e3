import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'

/** A state of the machine in which something is tried. */
export interface Load {
  readonly name: string
  /** What is put in front of a command so that it runs in this state. */
  readonly before: readonly string[]
  end(): Promise<void>
}

/** A machine that is left alone. */
export const quiet = (): Load => ({ name: 'quiet', before: [], end: async () => {} })

/** So many processes that do nothing but use a processor. The guardian ends them if we cannot. */
export async function besideLoops(count: number, guardian: Guardian): Promise<Load> {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'process.stdout.write("x"); for (;;);'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  const forget = loops.map(({ pid }) => guardian.watchProcess(pid ?? 0))
  await Promise.all(loops.map(loop => once(loop.stdout, 'data')))
  return { name: `beside ${count} busy loops`, before: [], end: () => endAll(loops, forget) }
}

async function endAll(loops: readonly ChildProcess[], forget: readonly (() => void)[]): Promise<void> {
  await Promise.all(
    loops.map(async loop => {
      const ended = once(loop, 'exit')
      loop.kill('SIGKILL')
      await ended
    }),
  )
  for (const one of forget) one()
}

const GROUPS = '/sys/fs/cgroup'
/** In microseconds: Linux's usual period. */
const PERIOD = 100_000

/**
 * A share of one processor, kept by a control group of Linux. Undefined where none can be made: it takes Linux, and the right to write
 * below /sys/fs/cgroup.
 */
export function shareOfACore(share: number): Load | undefined {
  const quota = String(Math.round(PERIOD * share))
  const isSecond = existsSync(join(GROUPS, 'cgroup.controllers'))
  const folder = join(GROUPS, ...(isSecond ? [] : ['cpu']), `wslab-bench-${process.pid}`)
  try {
    mkdirSync(folder)
    if (isSecond) writeFileSync(join(folder, 'cpu.max'), `${quota} ${PERIOD}`)
    else {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD))
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), quota)
    }
  } catch {
    return undefined
  }
  const enter = `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`
  return {
    name: `${share} of a core`,
    before: ['sh', '-c', enter, 'sh'],
    async end() {
      // The last process may take a moment to leave it.
      for (let tries = 50; existsSync(folder) && tries > 0; tries--) {
        try {
          rmdirSync(folder)
        } catch {
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      }
    },
  }
}
