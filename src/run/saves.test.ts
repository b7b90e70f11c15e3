import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Saves, watchSaves } from './saves.ts'

let folder: string
let saves: Saves
const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wslab-saves-'))
  mkdirSync(join(folder, 'handlers'))
  write('stack.ts', 'one')
  write('handlers/say.ts', 'one')
  saves = await watchSaves(folder)
})
afterEach(() => {
  saves.close()
  rmSync(folder, { recursive: true, force: true })
})

/** As vim, JetBrains and `sed -i` do: another file takes the place of the old one. */
const saveByRenaming = (path: string, text: string) => {
  write(`${path}.tmp`, text)
  renameSync(join(folder, `${path}.tmp`), join(folder, path))
}

test('every save by renaming is seen, not the first one only', async () => {
  for (const text of ['two', 'three', 'four']) {
    saveByRenaming('stack.ts', text)
    expect(await saves.next()).toEqual(['stack.ts changed'])
    saveByRenaming('handlers/say.ts', text)
    expect(await saves.next()).toEqual(['handlers/say.ts changed'])
  }
})

test('a save that comes while somebody waits is seen', async () => {
  const next = saves.next()
  saveByRenaming('handlers/say.ts', 'two')
  expect(await next).toEqual(['handlers/say.ts changed'])
})

test('a folder that is replaced by another of its name is followed, as after git checkout or reset', async () => {
  rmSync(folder, { recursive: true })
  mkdirSync(join(folder, 'handlers'), { recursive: true })
  write('stack.ts', 'as published')
  write('handlers/tell.ts', 'new')
  expect(await saves.next()).toEqual([
    'handlers/say.ts removed',
    'handlers/tell.ts added',
    'stack.ts changed',
  ])
  saveByRenaming('handlers/tell.ts', 'newer')
  expect(await saves.next()).toEqual(['handlers/tell.ts changed'])
})

test('what editors and CDK write beside the code is no save', async () => {
  mkdirSync(join(folder, 'cdk.out'))
  for (const name of ['.stack.ts.swp', 'stack.ts~', '4913', 'cdk.out/manifest.json', '.DS_Store'])
    write(name, 'x')
  write('stack.ts', 'longer than before')
  expect(await saves.next()).toEqual(['stack.ts changed'])
})

test.skipIf(process.platform === 'win32')('sed -i is seen each time', async () => {
  for (const [from, to] of [
    ['one', 'two'],
    ['two', 'three'],
  ] as const) {
    execFileSync('sed', ['-i.bak~', `s/${from}/${to}/`, join(folder, 'stack.ts')])
    expect(await saves.next()).toEqual(['stack.ts changed'])
  }
})

test('closing ends the wait', async () => {
  const next = saves.next()
  saves.close()
  expect(await next).toBeUndefined()
})
