import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { HANG } from '../machine/bounds.ts'

const require = createRequire(import.meta.url)

/** wscat as a person uses it: says one thing, and prints what it hears until that matches, or it hangs. */
export async function wscat(
  url: string,
  message: string,
  until: RegExp,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const program = join(dirname(require.resolve('wscat/package.json')), 'bin', 'wscat')
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const child = spawn(
    process.execPath,
    [program, '-c', url, '-x', message, '-w', `${HANG / 1000}`, ...given],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  let heard = ''
  child.stdout.on('data', data => {
    heard += data
    if (until.test(heard)) child.kill()
  })
  child.stderr.on('data', data => {
    heard += data
  })
  await once(child, 'close')
  return heard
}
