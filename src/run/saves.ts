import { watch } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** A folder under watch. */
export interface Saves {
  /** Resolves with true at the next save, or at once if there has been one since the last call; with false when it is over. */
  next(): Promise<boolean>
  close(): void
}

/** An editor saves in several steps, and several files at once: they count as one when they come within this, in milliseconds. */
const BREATH = 60

/** Watches for saved files, `cdk.out` and `node_modules` aside. Throws when the folder cannot be watched. */
export function watchSaves(folder: string): Saves {
  let pending = false
  let over = false
  let wake = () => {}
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    if (/(^|[\\/])(cdk\.out|node_modules)([\\/]|$)/.test(file ?? '')) return
    pending = true
    wake()
  })
  watcher.on('error', close)

  return {
    async next() {
      if (!pending && !over) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      if (over) return false
      await pause(BREATH)
      pending = false
      return true
    },
    close,
  }

  function close() {
    over = true
    watcher.close()
    wake()
  }
}
