import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { house } from './house.ts'

/** A folder for one check, inside the house: only from there do a learner's imports find `node_modules`. Git ignores it. */
export function workspace(guardian: Guardian, name: string): string {
  const parent = join(house, '.wslab', 'work')
  mkdirSync(parent, { recursive: true })
  return guardian.temporaryFolder(`${name}-`, parent)
}

/** Where tsx keeps what it has compiled, and CDK what it makes on the way. May be thrown away at any time. */
export const cache = join(house, '.wslab', 'cache')
