// Runs before anything is installed, as start.mjs does: plain JavaScript, Node's own modules only.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** How often to look whether another command has finished installing, in milliseconds. */
const LOOK = 200

/**
 * Whether node_modules holds what package-lock.json names. npm notes there what it has installed, when all of it is. Contents
 * are compared, and not times: `git checkout` touches files, and an installation must not be thrown away for that. The note alone is not
 * believed: two npm that run at the same time can leave it behind without the packages.
 */
export function isInstalled(house) {
  const wanted = packagesIn(join(house, 'package-lock.json'))
  const there = packagesIn(join(house, 'node_modules', '.package-lock.json'))
  if (!wanted || !there) return false
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true
    // Programs for other platforms are optional: npm leaves them out.
    if (!there[path]) return Boolean(optional || devOptional || peer)
    return there[path].version === version && existsSync(join(house, path))
  })
}

/**
 * Installs what is missing, once: of two commands that begin at the same time, one waits for the other. Answers with npm's
 * exit code; 0 if there was nothing left to do.
 */
export async function install(house, npmCi = runNpm) {
  const release = await locked(house)
  try {
    return isInstalled(house) ? 0 : await npmCi(house)
  } finally {
    release()
  }
}

/** Takes the lock: a folder that only one process can make. One whose owner has ended is taken away. */
async function locked(house) {
  const lock = join(house, '.wslab', 'installing')
  for (;;) {
    try {
      mkdirSync(join(house, '.wslab'), { recursive: true })
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      return () => rmSync(lock, { recursive: true, force: true })
    } catch (error) {
      // A house that cannot be written to: npm will say so in its own words.
      if (error.code !== 'EEXIST') return () => {}
    }
    const isAbandoned = !isAlive(ownerOf(lock))
    await pause(LOOK)
    // Looked at twice: its owner may just have made it, and not yet have put its name into it.
    if (isAbandoned && !isAlive(ownerOf(lock))) rmSync(lock, { recursive: true, force: true })
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid) {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Whatever npm prints goes to stderr: stdout belongs to the command, which may be asked for JSON. */
function runNpm(house) {
  const npm = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: house,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  return npm.status ?? 1
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
