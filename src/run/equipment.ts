import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Guardian } from '../cloud/guardian.ts'
import { bundle } from '../machine/bundle.ts'
import { listedEnvironment } from '../machine/environment.ts'
import { fenced } from '../machine/fence.ts'
import type { Equipment } from '../probe/equipment.ts'
import { house } from './house.ts'
import type { KeptBrowser } from './kept-browser.ts'
import { cache } from './workspace.ts'

/** What lets Node run TypeScript. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** What the scenes of one check have at hand, for the code in `directory`. */
export function equipment(
  directory: string,
  browser: KeptBrowser,
  guardian: Guardian,
  release?: Equipment['release'],
): Equipment {
  return {
    directory,
    ...(release && { release }),
    browser: browser.open,
    bundle: bundled,
    start(file, args, env) {
      mkdirSync(cache, { recursive: true })
      const loader = /\.[cm]?ts$/.test(file) ? ['--import', tsx] : []
      const start = fenced(
        {
          program: process.execPath,
          args: [...loader, file, ...args],
          // No credentials, and no region, that it was not given. How Node reaches anything may be a matter of the machine.
          env: { ...listedEnvironment(['HOME', 'NODE_OPTIONS']), TMPDIR: cache, ...env },
        },
        { writes: [directory, cache] },
      )
      const child = spawn(start.program, start.args, {
        cwd: directory,
        env: start.env,
        stdio: 'pipe',
        // A group of its own, so that what it starts ends with it.
        detached: process.platform !== 'win32',
        windowsHide: true,
      })
      if (child.pid !== undefined) {
        const forget = guardian.watchProcess(child.pid)
        child.once('exit', forget)
      }
      return child
    },
  }
}

async function bundled(source: string): Promise<string> {
  const { outputFiles } = await bundle({
    stdin: { contents: source, loader: 'ts', resolveDir: house },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}
