import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { openInEditor } from './editor.ts'
import { Refusal } from './http.ts'

const PLACE = 'starter/lab1-missing-route/stack.ts:27'
const isWindows = process.platform === 'win32'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wslab-editor-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** An editor of this name, as a script. Answers with its path. */
function editor(name: string, script: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}
/** An editor that writes down what it is given, and what it was given. */
function writing(name: string) {
  const said = join(folder, 'said')
  const file = editor(name, `echo "$@" > ${said}.next && mv ${said}.next ${said}`)
  return { file, given: () => (existsSync(said) ? readFileSync(said, 'utf8') : '') }
}

test.skipIf(isWindows)('the editor is given the file and the line', async () => {
  const { file, given } = writing('code')
  vi.stubEnv('LAUNCH_EDITOR', file)
  expect(await openInEditor(PLACE, 0)).toEqual({ editor: 'code' })
  await expect.poll(given).toMatch(/starter\/lab1-missing-route\/stack\.ts:27:1$/m)
})

test.skipIf(isWindows)('instead of an editor that needs a terminal, one on PATH is taken', async () => {
  const { given } = writing('code')
  vi.stubEnv('LAUNCH_EDITOR', '/usr/bin/vim')
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`)
  expect(await openInEditor(PLACE, 0)).toEqual({ editor: 'code' })
  await expect.poll(given).toMatch(/-g .*starter\/lab1-missing-route\/stack\.ts:27:1$/m)
})

test.skipIf(isWindows)('an editor that fails is reported', async () => {
  vi.stubEnv('LAUNCH_EDITOR', editor('code', 'exit 3'))
  await expect(openInEditor(PLACE, HANG)).rejects.toThrow(`code did not open ${PLACE}: (code 3).`)
})

test('where there is only an editor that needs a terminal, words say so, and a link opens the place', async () => {
  vi.stubEnv('LAUNCH_EDITOR', '/usr/bin/vim')
  vi.stubEnv('PATH', folder)
  const opened = await openInEditor(PLACE)
  expect(opened).toMatchObject({
    says: expect.stringContaining(`vim needs a terminal of its own. Open ${PLACE} there`),
    link: expect.stringMatching(/^vscode:\/\/file\/.*\/starter\/lab1-missing-route\/stack\.ts:27:1$/),
  })
})

test.each(['../../etc/passwd:1', '/etc/passwd', 'starter/no-such-file.ts:1', ''])(
  'what is no file of the house is refused: %s',
  async where => {
    await expect(openInEditor(where)).rejects.toThrow(Refusal)
  },
)
