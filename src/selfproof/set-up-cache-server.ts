import { findServerProgram, type ServerProgram } from '../cloud/elasticache/server-program.ts'
import { byApt, run } from './install.ts'

/** Finds a Valkey or Redis server, and installs one if there is none and we may. Undefined where none can be had. */
export async function setUpCacheServer(): Promise<ServerProgram | undefined> {
  const found = findServerProgram()
  // Whoever has named one wants that one.
  if (found || process.env.WSLAB_CACHE_SERVER) return found
  const commands = byApt('redis-server') ?? []
  if (commands.length > 0) process.stderr.write('No cache server here. Installing redis-server …\n')
  for (const command of commands) await run(command)
  return findServerProgram()
}
