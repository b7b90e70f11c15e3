import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { freemem, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findServerProgram, HOW_TO_GET_ONE } from '../cloud/elasticache/server-program.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { openBrowser } from '../run/browser.ts'
import { house } from '../run/house.ts'
import { localTarget } from '../targets/local.ts'

const execute = promisify(execFile)
const require = createRequire(import.meta.url)

/** What came of one examination, and what cures it. `optional` is worth knowing, and no reason to stop. */
export interface Diagnosis {
  readonly kind: 'ready' | 'optional' | 'yours' | 'theirs'
  readonly says: string
  readonly cure?: string
}

/** One thing to look at. */
export interface Examination {
  readonly name: string
  examine(): Promise<Diagnosis>
}

/** Free room below which a run may fail, in bytes. */
const ENOUGH_DISK = 300 * 1024 ** 2
const ENOUGH_MEMORY = 500 * 1024 ** 2

/** Everything that a check needs of a machine, the cheap things first, and last what only the kit's own tests need. */
export const examinations: readonly Examination[] = [
  {
    name: 'Node.js',
    async examine() {
      const [major = 0] = process.versions.node.split('.').map(Number)
      if (major % 2 === 1)
        return { kind: 'optional', says: `${process.version} (an odd release; 20, 22 and 24 are tested)` }
      return { kind: 'ready', says: process.version }
    },
  },
  {
    name: 'git',
    examine: () => program('git', ['--version'], 'Install git: npm run diff needs it.'),
  },
  {
    name: 'compilers',
    async examine() {
      const missing = ['@esbuild', '@typescript'].filter(
        scope => !existsSync(join(house, 'node_modules', scope)),
      )
      if (missing.length > 0) {
        return {
          kind: 'yours',
          says: `no program for ${process.platform}-${process.arch} under node_modules/${missing.join(', ')}`,
          cure: 'Install without --omit=optional, on this machine: npm ci',
        }
      }
      const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
      return program(process.execPath, [tsc, '--version'], 'Install again: npm ci', 'TypeScript ')
    },
  },
  { name: 'this folder', examine: () => writable(house) },
  { name: 'temporary folder', examine: () => writable(tmpdir()) },
  {
    name: 'memory',
    async examine() {
      const says = `${Math.round(freemem() / 1024 ** 2)} MB free`
      return freemem() > ENOUGH_MEMORY
        ? { kind: 'ready', says }
        : { kind: 'optional', says, cure: 'A check needs about 500 MB. Close some programs if it is slow.' }
    },
  },
  { name: 'the local cloud', examine: localCloud },
  { name: 'a browser', examine: browser },
  { name: 'a cache server', examine: cacheServer },
]

async function program(name: string, args: readonly string[], cure: string, prefix = ''): Promise<Diagnosis> {
  try {
    const { stdout } = await execute(name, [...args])
    return { kind: 'ready', says: prefix + stdout.trim().replace(/^Version /, '') }
  } catch (error) {
    return { kind: 'yours', says: `${name} does not run: ${(error as Error).message.split('\n')[0]}`, cure }
  }
}

async function writable(folder: string): Promise<Diagnosis> {
  try {
    await access(folder, constants.W_OK)
  } catch {
    return {
      kind: 'yours',
      says: `${folder} cannot be written to`,
      cure: 'Make it writable for this user, or work in a folder of your own.',
    }
  }
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const says = `${Math.round(free / 1024 ** 2)} MB free in ${folder}`
  return free > ENOUGH_DISK
    ? { kind: 'ready', says }
    : { kind: 'yours', says, cure: 'Free some room: at least 300 MB.' }
}

/** The whole thing, once: a loopback port, child processes, a certificate. */
async function localCloud(): Promise<Diagnosis> {
  const guardian = startGuardian()
  try {
    const started = performance.now()
    const target = await localTarget(guardian)
    await target.stop()
    return { kind: 'ready', says: `starts and stops in ${Math.round(performance.now() - started)} ms` }
  } catch (error) {
    return {
      kind: 'theirs',
      says: `does not start: ${(error as Error).message}`,
      cure: 'It needs a free port on 127.0.0.1 and permission to start processes. A firewall or a sandbox may forbid it.',
    }
  } finally {
    await guardian.stop()
  }
}

/** A lab can be done without one: what only a browser can show is then reported as not checked. */
async function browser(): Promise<Diagnosis> {
  try {
    const found = await openBrowser()
    await found.close()
    return { kind: 'ready', says: `Chromium ${found.version()}` }
  } catch {
    const chosen = process.env.WSLAB_BROWSER
    return {
      kind: 'optional',
      says: 'none that starts; without one, what a lab promises of its web page is not checked',
      cure: chosen
        ? `WSLAB_BROWSER is ${chosen}: let it be the path of a browser that starts, or leave it out.`
        : 'npm test sets one up where it can.',
    }
  }
}

/** What keeps ElastiCache's caches here. Only a stack that has one needs it. */
async function cacheServer(): Promise<Diagnosis> {
  const found = findServerProgram()
  if (found) return { kind: 'ready', says: `${found.name} ${found.version}` }
  const chosen = process.env.WSLAB_CACHE_SERVER
  return {
    kind: 'optional',
    says: 'no Valkey or Redis server; without one, a stack with an ElastiCache cache is not run',
    cure: chosen
      ? `WSLAB_CACHE_SERVER is ${chosen}: let it be the path of a valkey-server or redis-server, or leave it out.`
      : `If you want one, ${HOW_TO_GET_ONE}. npm test sets one up where it can.`,
  }
}
