import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error It runs before any TypeScript can, so it is plain JavaScript.
import { bundled, bundleForPackage } from './bundled.mjs'
import { house } from './run/house.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wslab-bundled-')))
  for (const room of ['src', 'checks', 'labs', 'cache']) mkdirSync(join(folder, room))
  symlinkSync(join(house, 'node_modules'), join(folder, 'node_modules'))
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json']) write(file, '{}')
  write('src/cli.ts', "import { said } from './said.ts'\nconsole.log(said satisfies string, import.meta.url)")
  write('src/said.ts', "export const said = 'one'")
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
const bundle = (): Promise<string | undefined> => bundled(folder, join(folder, 'cache'))
const run = (file = '') => execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim()

test('a bundle says what the sources say, and each source keeps its place', async () => {
  expect(run(await bundle())).toBe(`one file://${folder}/src/cli.ts`)
})

test('a package is the same whether it is imported at once or when it is needed', async () => {
  write(
    'src/cli.ts',
    `import { WebSocketServer } from 'ws'
    const { WebSocket } = await import('ws')
    const { SQSClient } = await import('@aws-sdk/client-sqs')
    console.log(typeof WebSocketServer, typeof WebSocket, typeof SQSClient)`,
  )
  expect(run(await bundle())).toBe('function function function')
})

test('a package finds its sources where it is, under node_modules too, and leaves other packages outside', async () => {
  write('src/cli.ts', "import { WebSocket } from 'ws'\nconsole.log(typeof WebSocket, import.meta.url)")
  await bundleForPackage(folder)
  const installed = join(folder, 'app', 'node_modules', 'kit')
  for (const room of ['dist', 'src']) cpSync(join(folder, room), join(installed, room), { recursive: true })
  expect(run(join(installed, 'dist', 'cli.mjs'))).toBe(`function file://${installed}/src/cli.ts`)
  expect(readFileSync(join(installed, 'dist', 'cli.mjs'), 'utf8')).toContain('from "ws"')
})

test('a package that was not built bundles itself, without what it has not', async () => {
  const installed = join(folder, 'app', 'node_modules', 'kit')
  write('src/cli.ts', "import('not-there').catch(({ code }) => console.log(code, import.meta.url))")
  for (const path of ['src', 'checks', 'labs', 'package.json', 'tsconfig.json']) {
    cpSync(join(folder, path), join(installed, path), { recursive: true })
  }
  expect(run(await bundled(installed, join(folder, 'cache')))).toBe(
    `ERR_MODULE_NOT_FOUND file://${installed}/src/cli.ts`,
  )
})

test('a source that has changed is bundled again, and an unchanged one is not', async () => {
  const first = await bundle()
  expect(await bundle()).toBe(first)
  write('src/said.ts', "export const said = 'two'")
  const second = await bundle()
  expect(second).not.toBe(first)
  expect(run(second)).toContain('two ')
  // A command that still runs may load a part of the first one.
  expect(run(first)).toContain('one ')
})

test('bundles of yesterday are taken away', async () => {
  await bundle()
  const [first] = readdirSync(join(folder, 'cache'))
  const yesterday = Date.now() / 1000 - 25 * 60 * 60
  utimesSync(join(folder, 'cache', first!), yesterday, yesterday)
  write('src/said.ts', "export const said = 'two'")
  await bundle()
  expect(readdirSync(join(folder, 'cache'))).toHaveLength(1)
  expect(readdirSync(join(folder, 'cache'))).not.toContain(first)
})

test('two commands that begin at the same time get the same bundle, and leave no draft', async () => {
  const [one, other] = await Promise.all([bundle(), bundle()])
  expect(one).toBe(other)
  expect(run(one)).toContain('one ')
  expect(readdirSync(join(folder, 'cache'))).toHaveLength(1)
})

test('sources that cannot be bundled are left to be loaded one by one', async () => {
  write('src/said.ts', 'export const said = (')
  expect(await bundle()).toBeUndefined()
  expect(readdirSync(join(folder, 'cache'))).toEqual([])
})
