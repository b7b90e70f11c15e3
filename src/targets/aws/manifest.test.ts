import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Made, manifestIn } from './manifest.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-manifest-'))
afterAll(() => rmSync(root, { recursive: true }))

const made: Made = {
  version: 1,
  lab: 'lab1-missing-route',
  stackName: 'wslab-lab1-missing-route-ana',
  attendee: 'ana',
  accountId: '123456789012',
  region: 'us-east-1',
  profile: 'mine',
  bucket: 'wslab-123456789012-us-east-1-ana-0a1b2c',
  since: '2026-11-28T12:00:00.000Z',
}

test('what is noted is read again, and struck out', async () => {
  const manifest = manifestIn(join(root, 'first', 'aws'))
  expect(await manifest.read()).toEqual([])
  await manifest.note(made)
  const elsewhere = { ...made, region: 'eu-west-1', endpoint: 'http://localhost:4566' }
  await manifest.note(elsewhere)
  expect(await manifest.read()).toEqual([elsewhere, made])
  await manifest.strike(elsewhere)
  await manifest.strike(elsewhere)
  expect(await manifest.read()).toEqual([made])
})

test('a stack that is deployed again has been there since it first was', async () => {
  const manifest = manifestIn(join(root, 'again'))
  await manifest.note(made)
  await manifest.note({ ...made, bucket: 'another', since: '2026-11-28T13:00:00.000Z' })
  expect(await manifest.read()).toEqual([{ ...made, bucket: 'another' }])
})

test('half a note is none, and stays for somebody to look at', async () => {
  const folder = join(root, 'half')
  const manifest = manifestIn(folder)
  await manifest.note(made)
  writeFileSync(join(folder, 'torn.json'), '{"version": 1, "sta')
  expect(await manifest.read()).toEqual([made])
  expect(readdirSync(folder)).toHaveLength(2)
})
