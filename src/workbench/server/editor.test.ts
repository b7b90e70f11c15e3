import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { openInEditor } from './editor.ts'
import { Refusal } from './http.ts'

const PLACE = 'starter/lab1-missing-route/stack.ts:27'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wslab-editor-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** An editor of this name, as a script. */
function editor(name: string, script: string): void {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  vi.stubEnv('LAUNCH_EDITOR', file)
}

test.skipIf(process.platform === 'win32')('the editor is given the file and the line', async () => {
  const said = join(folder, 'said')
  editor('code', `echo "$@" > ${said}.next && mv ${said}.next ${said}`)
  await openInEditor(PLACE, 0)
  await expect.poll(() => existsSync(said)).toBe(true)
  expect(readFileSync(said, 'utf8')).toMatch(/starter\/lab1-missing-route\/stack\.ts:27:1$/m)
})

test.skipIf(process.platform === 'win32')('an editor that fails is reported', async () => {
  editor('code', 'exit 3')
  await expect(openInEditor(PLACE, HANG)).rejects.toThrow(`code did not open ${PLACE}: (code 3).`)
})

test('an editor that needs a terminal is not started in that of the workbench', async () => {
  vi.stubEnv('LAUNCH_EDITOR', '/usr/bin/vim')
  await expect(openInEditor(PLACE)).rejects.toThrow(`vim needs a terminal of its own. Open ${PLACE} there`)
})

test.each(['../../etc/passwd:1', '/etc/passwd', 'starter/no-such-file.ts:1', ''])(
  'what is no file of the house is refused: %s',
  async where => {
    await expect(openInEditor(where)).rejects.toThrow(Refusal)
  },
)
