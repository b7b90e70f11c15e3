import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
// @ts-expect-error It runs before any TypeScript can, so it is plain JavaScript.
import { bundleForPackage } from '../bundled.mjs'
import { house } from '../run/house.ts'
import { startedIn } from './started-in.ts'
import type { Command } from './usage.ts'

/**
 * Builds the package that people install beside an app of their own. `npm pack` alone makes one too: it bundles itself when it is
 * first used. There is no script of npm's for this, because an installation from git would run it.
 */
export const pack: Command = {
  synopsis: '[--out DIR]',
  about: 'builds the package with the local cloud, for tests of your own: websocket-labs-VERSION.tgz',
  mostWords: 0,
  options: { out: { type: 'string' } },
  async run({ flags }) {
    await bundleForPackage(house)
    try {
      const out = resolve(startedIn(), String(flags.out ?? '.'))
      const npm = spawn('npm', ['pack', '--pack-destination', out, '--loglevel=error'], {
        cwd: house,
        stdio: ['ignore', 'inherit', 'inherit'],
        // On Windows npm is a script.
        shell: process.platform === 'win32',
      })
      const [code] = await once(npm, 'close')
      return code === 0 ? 0 : 2
    } finally {
      // A build of yesterday would only be in the way.
      rmSync(join(house, 'dist'), { recursive: true, force: true })
    }
  },
}
