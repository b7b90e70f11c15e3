import { fileURLToPath } from 'node:url'

/** The folder in which the house stands: starter, solutions, docs and the rest are found from here. */
export const house = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')
