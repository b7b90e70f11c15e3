// A local cloud in a process of its own, with an API that echoes. It tells its parent the API's address. No quotas: they would be what
// is measured.
import { startCloud } from '../cloud/cloud.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { template } from './template.ts'

const cloud = await startCloud({ guardian: startGuardian(), quotas: {} })
await cloud.stacks.deploy({ stackName: 'Bench', template })
process.send?.(cloud.sockets()[0])
process.once('disconnect', () => void cloud.stop().finally(() => process.exit()))
