/** What a page under test is given as the global `kit`: clients as they come from npm, and a watcher. */

export { createClient } from 'graphql-ws'
export { comingBack } from './coming-back.ts'
export { watch } from './watch.ts'
