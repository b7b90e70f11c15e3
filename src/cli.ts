import { catchTheRest } from './commands/last-resort.ts'
import { main } from './commands/main.ts'

catchTheRest()
const code = await main(process.argv.slice(2))
process.exitCode = code
// Interrupted: what is still under way is not waited for. The guardian clears up after it.
if (code > 128) process.exit()
