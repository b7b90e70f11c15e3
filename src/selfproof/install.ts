import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** How long one command of an installer may take, in seconds: 200 MB on a slow line. */
const PATIENCE = 600

/** The commands by which Debian and its kin install a package, if we may; undefined elsewhere. */
export function byApt(name: string): readonly (readonly string[])[] | undefined {
  const asRoot = rootPrefix()
  if (!existsSync('/etc/debian_version') || !asRoot) return undefined
  // Root's processes cannot be ended by us once sudo has started them; `timeout` can.
  const apt = (...args: string[]) => [
    ...asRoot,
    ...['timeout', '--foreground', `${PATIENCE}`, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'],
    ...args,
  ]
  return [apt('update'), apt('install', '-y', '--no-install-recommends', name)]
}

/** Does not say whether it worked: the caller looks for what it wanted. What it says goes to stderr. */
export function run([program = '', ...args]: readonly string[]): Promise<void> {
  return new Promise(resolve => {
    // Not spawn's own `timeout`: where there is no such program, it is waited for to the end.
    const signal = AbortSignal.timeout(PATIENCE * 1000)
    const child = spawn(program, args, { stdio: ['ignore', 2, 2], signal })
    child.once('error', () => resolve()).once('close', () => resolve())
  })
}

/** What makes a command root's: nothing for root, sudo where it asks for no password. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}
