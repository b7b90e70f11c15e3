import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { house } from '../run/house.ts'
import { type LockFile, missingFrom } from './lock-file.ts'

const lock: LockFile & { packages: Record<string, Record<string, unknown>> } = JSON.parse(
  readFileSync(join(house, 'package-lock.json'), 'utf8'),
)

/** For development only, and not changed by us: its licence asks nothing of what it tests. */
const accepted = new Set(['node_modules/axe-core'])

test('the lock file knows the programs of every platform (npm run lock adds them)', () => {
  expect(missingFrom(lock)).toEqual([])
})

test('the lock file records no download addresses', () => {
  expect(Object.values(lock.packages).filter(one => 'resolved' in one)).toEqual([])
})

test('no package needs Node 22, or a licence that is not permissive', () => {
  const tooNew = (range: unknown) =>
    typeof range === 'string' && !/\b(1\d|20)\b|\*|>= ?\d\b|\^?0\./.test(range)
  const packages = Object.entries(lock.packages)
  expect(
    packages
      .filter(([, one]) => tooNew((one.engines as { node?: string } | undefined)?.node))
      .map(([path]) => path),
  ).toEqual([])
  const permissive = /MIT|ISC|BSD|Apache-2\.0|0BSD|BlueOak|Python-2\.0|CC0|Unlicense/
  // The programs of other platforms are locked without their manifests.
  const strange = packages.filter(
    ([path, one]) =>
      path !== '' &&
      one.license !== undefined &&
      !accepted.has(path) &&
      !permissive.test(String(one.license)),
  )
  expect(strange.map(([path, one]) => `${path}: ${one.license}`)).toEqual([])
})

test('what a name says of its platform is what the lock file must say', () => {
  const packages = {
    'node_modules/x': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: { '@x/x-linux-x64-musl': '1.0.0', '@x/win32-arm64': '^2.0.0' },
    },
  }
  expect(missingFrom({ packages })).toEqual([
    {
      name: '@x/x-linux-x64-musl',
      locked: { version: '1.0.0', os: ['linux'], cpu: ['x64'], libc: ['musl'], dev: true, optional: true },
    },
    {
      name: '@x/win32-arm64',
      locked: { version: '2.0.0', os: ['win32'], cpu: ['arm64'], dev: true, optional: true },
    },
  ])
})
