import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error It runs before anything is installed, so it is plain JavaScript.
import { install, isInstalled } from './install.mjs'

let house: string
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'wslab-install-'))
  mkdirSync(join(house, 'node_modules'))
})
afterEach(() => rmSync(house, { recursive: true, force: true }))

const lock = (packages: object) =>
  writeFileSync(join(house, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }))
const installed = (packages: object) => {
  for (const path of Object.keys(packages)) mkdirSync(join(house, path), { recursive: true })
  writeFileSync(join(house, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
}

const ws = { 'node_modules/ws': { version: '8.0.0' } }
const foreign = { 'node_modules/@esbuild/aix-ppc64': { version: '1.0.0', optional: true } }

test('a lock file that was only touched is no reason to install', () => {
  installed(ws)
  lock({ ...ws, ...foreign })
  const later = new Date(Date.now() + 60_000)
  utimesSync(join(house, 'package-lock.json'), later, later)
  expect(isInstalled(house)).toBe(true)
})

test('another version, a missing package, and an installation that was interrupted are', () => {
  lock(ws)
  expect(isInstalled(house)).toBe(false)
  installed({ 'node_modules/ws': { version: '7.0.0' } })
  expect(isInstalled(house)).toBe(false)
  installed(foreign)
  expect(isInstalled(house)).toBe(false)
})

test('npm’s note of a package that is no longer there is not believed', () => {
  lock(ws)
  installed(ws)
  expect(isInstalled(house)).toBe(true)
  rmSync(join(house, 'node_modules', 'ws'), { recursive: true })
  expect(isInstalled(house)).toBe(false)
})

test('of two first commands one installs, and the other waits for it', async () => {
  lock(ws)
  let runs = 0
  let atTheSameTime = 0
  const npmCi = async () => {
    runs += 1
    atTheSameTime += 1
    expect(atTheSameTime).toBe(1)
    await new Promise(setImmediate)
    installed(ws)
    atTheSameTime -= 1
    return 0
  }
  expect(await Promise.all([install(house, npmCi), install(house, npmCi)])).toEqual([0, 0])
  expect(runs).toBe(1)
  expect(existsSync(join(house, '.wslab', 'installing'))).toBe(false)
})

test('the lock of a process that was killed does not hold for ever', async () => {
  lock(ws)
  mkdirSync(join(house, '.wslab', 'installing'), { recursive: true })
  // No process has this number: it is above what systems give.
  writeFileSync(join(house, '.wslab', 'installing', 'pid'), '99999999')
  expect(await install(house, () => 3)).toBe(3)
})
