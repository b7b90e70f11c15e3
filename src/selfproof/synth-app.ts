import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { HANG } from '../machine/bounds.ts'
import { house } from '../run/house.ts'
import { npxShortcut } from '../run/npx-shortcut.ts'

const require = createRequire(import.meta.url)

/**
 * Synthesizes one of the CDK apps in `apps/` as its author would, in a process of its own, into a fresh folder under
 * `root`. Answers with that folder. Rejects with what the app wrote to stderr.
 */
export async function synthApp(
  root: string,
  app: string,
  context: Readonly<Record<string, string>> = {},
): Promise<string> {
  const directory = mkdtempSync(join(root, `${app}-`))
  const tsx = join(require.resolve('tsx/package.json'), '..', 'dist', 'cli.mjs')
  await promisify(execFile)(process.execPath, [tsx, join(house, 'src', 'selfproof', 'apps', app, 'app.ts')], {
    cwd: house,
    timeout: HANG,
    env: {
      ...process.env,
      PATH: `${await npxShortcut(root)}${delimiter}${process.env.PATH}`,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // It takes a second, and is not what is tried here.
      CDK_VALIDATION: 'false',
    },
  })
  return directory
}
