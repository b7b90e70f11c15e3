import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * A folder to put first in PATH, with an `npx` that runs `npx --no-install esbuild …` without npm in between.
 *
 * CDK bundles each NodejsFunction by that command line: 220 ms through npx, 7 ms through this. Every other npx call goes
 * to the real one. Where there is no POSIX shell the folder stays empty and everything works as ever, only slower.
 */
export async function npxShortcut(workspace: string): Promise<string> {
  const folder = join(workspace, 'bin')
  await mkdir(folder, { recursive: true })
  const esbuild = esbuildBinary()
  if (process.platform !== 'win32' && esbuild) {
    await writeFile(join(folder, 'npx'), script(esbuild, folder), { mode: 0o755 })
  }
  return folder
}

const script = (esbuild: string, folder: string): string => `#!/bin/sh
if [ "$1" = --no-install ] && [ "$2" = esbuild ]; then
  shift 2
  exec '${esbuild}' "$@"
fi
PATH=\${PATH#'${folder}':}
exec npx "$@"
`

/** The native program behind the package's own JavaScript wrapper. */
function esbuildBinary(): string | undefined {
  const root = dirname(require.resolve('esbuild/package.json'))
  const path = join(root, '..', '@esbuild', `${process.platform}-${process.arch}`, 'bin', 'esbuild')
  return existsSync(path) ? path : undefined
}
