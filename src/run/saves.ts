import { type FSWatcher, type Stats, watch } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A folder under watch. */
export interface Saves {
  /**
   * Resolves at the next save, or at once if there has been one since the last call, with what has changed:
   * `stack.ts changed`. Resolves with undefined when it is over.
   */
  next(): Promise<readonly string[] | undefined>
  close(): void
}

/** An editor saves in several steps, and several files at once: they count as one when they come within this, in milliseconds. */
const BREATH = 60
/** How often the folder is looked at when the system tells of nothing, in milliseconds: on some file systems it never does. */
const LOOK = 2_000
/** What is no part of the code: output, what editors write beside a file while they save it, and hidden files. */
const NOT_CODE = /^(cdk\.out|node_modules|\..*|.*~|#.*#|4913|.*\.(swp|swx|tmp)|.*___jb_(tmp|old)___)$/

/** Every file by its path, with what a save changes; and every folder. */
interface Snapshot {
  readonly files: ReadonlyMap<string, string>
  readonly folders: ReadonlyMap<string, string>
}

/**
 * Watches for saved files. Each folder is watched, and not each file: an editor that saves by renaming puts another file in
 * the place of the watched one. What has changed is told by comparing, so nothing is told that has not.
 */
export async function watchSaves(folder: string): Promise<Saves> {
  let known = await snapshotOf(folder)
  let over = false
  let wake = () => {}
  const watchers = new Map<string, FSWatcher>()
  follow(known)

  return {
    async next() {
      while (!over) {
        const now = await atRest(folder)
        const changes = changesBetween(known, now)
        known = now
        follow(now)
        if (over) break
        if (changes.length > 0) return changes
        await nextEvent()
      }
      return undefined
    },
    close() {
      over = true
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
      wake()
    },
  }

  async function nextEvent(): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, LOOK)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Watches the folders that are there now. One that was replaced by another of its name is another. */
  function follow({ folders }: Snapshot): void {
    if (over) return
    const wanted = new Map([...folders].map(([path, identity]) => [`${path}\n${identity}`, path]))
    for (const [key, watcher] of watchers) {
      if (wanted.has(key)) continue
      watcher.close()
      watchers.delete(key)
    }
    for (const [key, path] of wanted) {
      if (watchers.has(key)) continue
      try {
        const watcher = watch(join(folder, path), () => wake())
        // It is gone, or the system's limit is reached: it is looked at all the same.
        watcher.on('error', () => watcher.close())
        watchers.set(key, watcher)
      } catch {}
    }
  }
}

/** The folder once nothing in it changes any more: between removing a file and renaming another to it, it is not there. */
async function atRest(folder: string): Promise<Snapshot> {
  for (let before = await snapshotOf(folder); ; ) {
    await pause(BREATH)
    const now = await snapshotOf(folder)
    if (changesBetween(before, now).length === 0) return now
    before = now
  }
}

async function snapshotOf(folder: string): Promise<Snapshot> {
  const files = new Map<string, string>()
  const folders = new Map<string, string>()
  await visit('')
  return { files, folders }

  async function visit(path: string): Promise<void> {
    const about = await lstat(join(folder, path)).catch(() => undefined)
    if (!about) return
    if (!about.isDirectory()) return void files.set(path, identityOf(about))
    folders.set(path, `${about.dev}:${about.ino}`)
    const names = await readdir(join(folder, path)).catch(() => [])
    await Promise.all(
      names.filter(name => !NOT_CODE.test(name)).map(name => visit(path ? `${path}/${name}` : name)),
    )
  }
}

const identityOf = ({ mtimeMs, size, ino }: Stats): string => `${mtimeMs}:${size}:${ino}`

function changesBetween({ files: before }: Snapshot, { files: now }: Snapshot): string[] {
  const changed = [...now].flatMap(([path, identity]) => {
    if (!before.has(path)) return [`${path} added`]
    return before.get(path) === identity ? [] : [`${path} changed`]
  })
  return [
    ...changed,
    ...[...before.keys()].filter(path => !now.has(path)).map(path => `${path} removed`),
  ].sort()
}
