import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program of this machine that keeps a cache. */
export interface ServerProgram {
  readonly path: string
  readonly name: 'Valkey' | 'Redis'
  /** `7.2.4`. */
  readonly version: string
}

/** Where to get one. */
export const HOW_TO_GET_ONE =
  'install one (Debian, Ubuntu: apt install valkey-server or redis-server; macOS: brew install valkey), or name it in WSLAB_CACHE_SERVER'

/** Oldest releases that speak as ElastiCache Serverless does. */
const OLDEST = 6

/**
 * The program that keeps caches: the one at the path `WSLAB_CACHE_SERVER`, if that is set, and no other; else valkey-server, else redis-server of the
 * PATH. Undefined if there is none that runs.
 */
export function findServerProgram(environment: NodeJS.ProcessEnv = process.env): ServerProgram | undefined {
  const { WSLAB_CACHE_SERVER: chosen, PATH = '' } = environment
  const places = PATH.split(delimiter).filter(Boolean)
  const candidates = chosen
    ? [chosen]
    : ['valkey-server', 'redis-server'].flatMap(name => places.map(place => join(place, name)))
  for (const path of candidates) {
    const version = isProgram(path) ? versionOf(path) : undefined
    if (version) return { path, ...version }
  }
  return undefined
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `Valkey server v=8.0.1 sha=…`, `Redis server v=7.0.15 sha=…`. */
function versionOf(path: string): Omit<ServerProgram, 'path'> | undefined {
  try {
    const said = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 5000 })
    const [, name, version = '', major] = /^(Valkey|Redis) server v=((\d+)[\d.]*)/.exec(said) ?? []
    return name && Number(major) >= OLDEST ? { name: name as ServerProgram['name'], version } : undefined
  } catch {
    return undefined
  }
}
