import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { HANG } from '../machine/bounds.ts'

/** Every process below this one, as the system lists them. */
export function descendants(pid: number): number[] {
  const parents = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  const below = (parent: number): number[] =>
    parents.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []))
  return below(pid)
}

/** Whether a process is still there. */
export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Asks until the answer is yes, or it hangs. */
export async function eventually(what: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + HANG; Date.now() < deadline; await pause(50))
    if (await what()) return true
  return false
}
