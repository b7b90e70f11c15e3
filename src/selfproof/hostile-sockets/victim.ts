// A whole cloud in a process of its own, started with --expose-gc. It tells its parent where it is, and how it feels when it is asked.
import { startCloud } from '../../cloud/cloud.ts'
import { startGuardian } from '../../cloud/guardian.ts'
import { template } from './template.ts'

/** Where the attacked cloud can be found. */
export interface Whereabouts {
  readonly quiet: string
  readonly busy: string
  readonly callback: string
  readonly door: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** How it is doing. Bytes are those after a collection, but for the peak. */
export interface Health {
  /** Of JavaScript's objects and of the buffers beside them. */
  readonly bytes: number
  /** The most there were since the last time somebody asked. */
  readonly peak: number
  /** What the system says the process takes. */
  readonly resident: number
  readonly sockets: number
  /** Connections that have been let in and not ended yet. */
  readonly connections: number
}

const guardian = startGuardian()
const cloud = await startCloud({
  guardian,
  // The quotas would turn most of the crowd away.
  quotas: {},
  onFault: error => {
    throw error
  },
})
let connections = 0
cloud.events.subscribe(event => {
  if (event.kind === 'handshake' && event.status === 101) connections++
  if (event.kind === 'close') connections--
})
const { stack } = await cloud.stacks.deploy({ stackName: 'Attacked', template })

const bytes = () => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
let peak = 0
setInterval(() => {
  peak = Math.max(peak, bytes())
}, 20)

process.on('message', () => {
  const most = Math.max(peak, bytes())
  globalThis.gc?.()
  peak = 0
  const health: Health = {
    bytes: bytes(),
    peak: most,
    resident: process.memoryUsage().rss,
    sockets: process.getActiveResourcesInfo().filter(kind => kind === 'TCPSocketWrap').length,
    connections,
  }
  process.send!(health)
})
process.on('disconnect', async () => {
  await cloud.stop()
  await guardian.stop()
  process.exit()
})

const output = (name: string) => cloud.toLocal(stack.outputs.find(({ key }) => key === name)!.value)
const whereabouts: Whereabouts = {
  quiet: output('Quiet'),
  busy: output('Busy'),
  callback: output('Callback'),
  door: cloud.endpoint,
  region: cloud.account.region,
  credentials: cloud.credentials,
}
process.send!(whereabouts)
