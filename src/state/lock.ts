import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StateProblem } from './trouble.ts'

/**
 * Takes a state folder for this process: two clouds would write over each other. The answer gives it back. One that was left by a process
 * that has ended is taken over.
 *
 * @throws StateProblem where another process has it.
 */
export function takeFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (let triesLeft = 2; ; triesLeft--) {
      if (tryToWrite(path)) return once(() => rmSync(path, { force: true }))
      const owner = Number(readFileSync(path, 'utf8'))
      if (triesLeft === 0 || isAlive(owner)) {
        throw new StateProblem(
          `${folder} is in use by another local cloud, in process ${owner}. Stop that one, or give another folder.`,
        )
      }
      rmSync(path, { force: true })
    }
  } catch (error) {
    if (error instanceof StateProblem) throw error
    throw new StateProblem(`${folder} cannot be written to: ${(error as Error).message}`, { cause: error })
  }
}

function tryToWrite(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Given back twice, it would be taken away from the next one. */
function once(task: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) task()
    isDone = true
  }
}
