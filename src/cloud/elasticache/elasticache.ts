import type { ResourceType } from '../cloudformation/resource.ts'
import { cacheResource } from './cache-resource.ts'
import { keepCaches } from './caches.ts'
import { findServerProgram } from './server-program.ts'

/** Amazon ElastiCache Serverless, kept by a Valkey or Redis server of this machine. There is no ElastiCache API here. */
export interface ElastiCache {
  readonly resources: readonly ResourceType[]
  /** Ends every server. */
  stop(): Promise<void>
}

/** Starts without a cache: no server runs until a stack has one. */
export function startElastiCache(
  surroundings: Omit<Parameters<typeof keepCaches>[0], 'program'>,
): ElastiCache {
  const program = () => findServerProgram()
  const caches = keepCaches({ ...surroundings, program })
  return { resources: [cacheResource(caches, surroundings.network, program)], stop: caches.stop }
}
