import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder in which the house stands: starter, solutions, docs and the rest are found from here. */
export const house = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/** Whether this is the package that people install beside an app of their own: the local cloud, without the labs. */
export const isPackage = !existsSync(join(house, 'starter'))
