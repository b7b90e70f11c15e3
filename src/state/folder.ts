import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { KeptObject } from '../cloud/kept.ts'
import type { Snapshot } from './snapshot.ts'
import { StateProblem } from './trouble.ts'

/** An object's bytes lie in a file of their own, which is named by their hash. */
type StoredObject = Omit<KeptObject, 'bytes'> & { readonly bytes: string }

const VERSION = 1
const FILE = 'state.json'
const OBJECTS = 'objects'

/** Whether a snapshot is in the folder. @throws StateProblem for a folder of something else. */
export function hasSnapshot(folder: string): boolean {
  if (existsSync(join(folder, FILE))) return true
  const others = namesIn(folder).filter(name => name !== OBJECTS && !/^(lock|state\.json\..*)$/.test(name))
  if (others.length === 0) return false
  throw new StateProblem(
    `${folder} is no state folder: it holds ${others.slice(0, 3).join(', ')}, and no ${FILE}. Give an empty folder, or one that is not there yet.`,
  )
}

/** Reads a snapshot. @throws StateProblem that names the file, and what is wrong with it. */
export function readSnapshot(folder: string): Snapshot {
  const file = join(folder, FILE)
  const { version, ...stored } = jsonIn(file)
  if (version !== VERSION) {
    throw new StateProblem(`${file} has version ${version}, and this kit reads version ${VERSION}.`)
  }
  for (const part of ['ids', 'tables', 'pools', 'buckets', 'parameters', 'made']) {
    if (typeof stored[part] !== 'object' || stored[part] === null)
      throw new StateProblem(`${file} has no ${part}.`)
  }
  const buckets = Object.entries<readonly StoredObject[]>(stored.buckets).map(([bucket, objects]) => [
    bucket,
    objects.map(object => ({ ...object, bytes: bytesOf(folder, object) })),
  ])
  return { ...stored, buckets: Object.fromEntries(buckets) } as Snapshot
}

/**
 * Writes a snapshot. At any moment, and after a crash, a reader finds the old one or the new one, whole. Other users of the machine
 * cannot read it: it holds what passwords are checked by.
 */
export function writeSnapshot(folder: string, snapshot: Snapshot): void {
  mkdirSync(join(folder, OBJECTS), { recursive: true, mode: 0o700 })
  const used = new Set<string>()
  const buckets = Object.entries(snapshot.buckets).map(([bucket, objects]) => [
    bucket,
    objects.map(({ bytes, ...object }): StoredObject => {
      const hash = createHash('sha256').update(bytes).digest('hex')
      const place = join(folder, OBJECTS, hash)
      if (!object.isMarker && !used.has(hash) && !existsSync(place)) replace(place, bytes)
      used.add(hash)
      return { ...object, bytes: hash }
    }),
  ])
  const stored = { version: VERSION, ...snapshot, buckets: Object.fromEntries(buckets) }
  replace(join(folder, FILE), `${JSON.stringify(stored, null, 2)}\n`)
  for (const name of namesIn(join(folder, OBJECTS))) {
    if (!used.has(name)) rmSync(join(folder, OBJECTS, name), { force: true })
  }
}

function replace(path: string, content: string | Buffer): void {
  const draft = `${path}.${process.pid}`
  const file = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
}

function bytesOf(folder: string, { key, bytes, isMarker }: StoredObject): Buffer {
  if (isMarker) return Buffer.alloc(0)
  const path = join(folder, OBJECTS, bytes)
  try {
    return readFileSync(path)
  } catch (error) {
    throw new StateProblem(`The bytes of the object ${key} cannot be read: ${(error as Error).message}`)
  }
}

function jsonIn(file: string): any {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw new StateProblem(`${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
  throw new StateProblem(`${file} holds no state.`)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new StateProblem(`${folder} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
