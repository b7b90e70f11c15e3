import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'

/** How long npm may take, in milliseconds: a package of many megabytes on a slow line. */
const PATIENCE = 300_000

/** Installs a package that is no dependency of the kit into a folder of its own. What npm says of trouble goes to stderr. */
export async function installBeside(home: string, name: string): Promise<void> {
  mkdirSync(home, { recursive: true })
  const args = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', name]
  const npm = spawn('npm', ['install', '--prefix', home, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // On Windows npm is a script.
    shell: process.platform === 'win32',
    timeout: PATIENCE,
  })
  npm.on('error', error => process.stderr.write(`${error.message}\n`))
  await once(npm, 'close')
}
