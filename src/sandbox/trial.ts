import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import { listedEnvironment } from '../machine/environment.ts'
import { fairTimeout } from '../machine/fair-timer.ts'
import { workspace } from '../run/workspace.ts'
import type { Sandbox } from './inside.ts'

/** How long the trial may take, in milliseconds. It takes a fifth of a second. */
const PATIENCE = 60_000

/** Runs in the sandbox, as the judge would: speaks to itself by the loopback, then starts a program behind the fence. */
const TRIAL = `
const { spawnSync } = require('node:child_process')
const { createServer, connect } = require('node:net')
const fence = JSON.parse(process.env.WSLAB_FENCE)
const server = createServer().listen(0, '127.0.0.1', () => {
  connect(server.address().port, '127.0.0.1').on('connect', () => {
    const told = Object.entries({ ours: process.env.TMPDIR, state: fence.state, processes: fence.processes, size: fence.size, memory: fence.memory })
    const { stdout, stderr } = spawnSync(fence.unshare, ['--mount', '--pid', '--fork', '--kill-child', '--', '/bin/sh', fence.script,
      ...told.flatMap(([name, value]) => ['--' + name, String(value)]), ...fence.keeps.flatMap(path => ['--keep', path]),
      '--', process.execPath, '-p', 'process.pid'], { encoding: 'utf8' })
    if (stdout.trim() === '1') console.log('It works.')
    else console.error(stderr)
    process.exit()
  })
})`

/** Tries a sandbox. Answers with what is wrong, or nothing. */
export async function whatIsWrong(sandbox: Sandbox, guardian: Guardian): Promise<string | undefined> {
  const folder = workspace(guardian, 'trial')
  const handIn = join(folder, 'hand-in')
  mkdirSync(handIn)
  const { program, args, env, clear } = sandbox.inside(handIn, ['-e', TRIAL], listedEnvironment())
  try {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const release = child.pid === undefined ? () => {} : guardian.watchProcess(child.pid)
    const callOff = fairTimeout(PATIENCE, () => child.kill('SIGKILL'))
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (said += data))
    try {
      const [code] = await once(child, 'close')
      if (said.includes('It works.')) return undefined
      return said.replace(/^\s+dmesg\(1\).*$/gm, '').trim() || `it ended with exit code ${code}`
    } finally {
      callOff()
      release()
    }
  } catch (error) {
    return (error as Error).message
  } finally {
    clear()
    guardian.removeFolder(folder)
  }
}
