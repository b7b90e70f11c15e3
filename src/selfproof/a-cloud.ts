// A process with a local cloud in it, for tests that end it: deploys the assembly that it is given, says so, and stays.
import { startCloud } from '../cloud/cloud.ts'
import { startGuardian } from '../cloud/guardian.ts'

const cloud = await startCloud({ guardian: startGuardian() })
await cloud.deploy(process.argv[2] ?? '')
process.stdout.write('It is up.\n')
