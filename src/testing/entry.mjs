import entry from './entry.cjs'

export const { localCloud } = entry
