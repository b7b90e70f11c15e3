import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Guardian } from '../guardian.ts'
import type { ServerProgram } from './server-program.ts'

/** A server in a process of its own, that nobody on this machine reaches but by its socket. */
export interface CacheServer {
  /** A Unix socket in a folder that only this user can enter. It speaks Redis's protocol, without TLS. */
  readonly socket: string
  readonly pid: number
  stop(): Promise<void>
}

/** The address of a Unix socket has room for a hundred characters, of which the folder's name and the socket's take up to forty. */
const LONGEST = 60

/** How long a server may take to start, in milliseconds. */
const PATIENCE = 20_000

/** Commands that ElastiCache keeps for itself: to its clients they are unknown. */
const RESTRICTED = [
  'BGREWRITEAOF',
  'BGSAVE',
  'CONFIG',
  'DEBUG',
  'FAILOVER',
  'MIGRATE',
  'MODULE',
  'PSYNC',
  'REPLICAOF',
  'SAVE',
  'SHUTDOWN',
  'SLAVEOF',
  'SYNC',
]

/** Starts a server that keeps nothing on disk. Throws when it does not come up, with its last words. */
export async function startServer({ path }: ServerProgram, guardian: Guardian): Promise<CacheServer> {
  const folder = guardian.temporaryFolder('wslab-cache-', tmpdir().length > LONGEST ? '/tmp' : undefined)
  const socket = join(folder, 's')
  const settings = {
    port: '0',
    unixsocket: socket,
    dir: folder,
    save: '',
    appendonly: 'no',
    databases: '1',
    daemonize: 'no',
    // A learner's machine is no data centre.
    maxmemory: '256mb',
    'maxmemory-policy': 'volatile-lru',
  }
  const child = spawn(
    path,
    [
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      ...RESTRICTED.flatMap(command => ['--rename-command', command, '']),
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH }, detached: true },
  )
  const unwatch = child.pid === undefined ? () => {} : guardian.watchProcess(child.pid)
  const ended = once(child, 'close').then(() => {
    unwatch()
    guardian.removeFolder(folder)
  })
  // Nobody need stay for it: it is ended with the cloud, or by the guardian.
  child.unref()
  try {
    await isUp(child)
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    throw error
  }
  return {
    socket,
    pid: child.pid!,
    async stop() {
      child.ref()
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Resolves when the server says that it takes connections. */
function isUp(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    const fail = (why: string) => reject(new Error(`The cache server ${why}: ${said.slice(-3).join(' | ')}`))
    const timer = setTimeout(() => fail(`was not up in ${PATIENCE / 1000} s`), PATIENCE)
    child.once('error', error => fail(`does not start (${error.message})`))
    child.once('exit', code => fail(`ended (exit code ${code})`))
    child.once('close', () => clearTimeout(timer))
    for (const stream of [child.stdout, child.stderr]) {
      stream!.on('error', () => {})
      createInterface({ input: stream! }).on('line', line => {
        if (said.length < 200) said.push(line)
        if (!/ready to accept connections/i.test(line)) return
        clearTimeout(timer)
        for (const one of [child.stdout, child.stderr]) (one as unknown as { unref?(): void }).unref?.()
        resolve()
      })
    }
  })
}
