import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { KeptObject } from '../cloud/kept.ts'
import { hasSnapshot, readSnapshot, writeSnapshot } from './folder.ts'
import { takeFolder } from './lock.ts'
import type { Snapshot } from './snapshot.ts'

const root = mkdtempSync(join(tmpdir(), 'wslab-state-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const object = (key: string, text: string): KeptObject => ({
  key,
  versionId: 'null',
  modified: 1,
  isMarker: false,
  bytes: Buffer.from(text),
  etag: key,
  headers: { contentType: 'text/plain' },
  tags: {},
})
const snapshot = (...objects: readonly KeptObject[]): Snapshot => ({
  ids: { 'Chat/People': 'us-east-1_a' },
  tables: { 'Chat/Rooms': [{ id: { S: 'a' } }] },
  pools: {},
  buckets: { 'Chat/Files': objects },
  parameters: [],
  made: { users: {}, groups: {}, parameters: {} },
})

test('what was written is read again, bytes that two objects share lie there once, and unused ones go', () => {
  const folder = join(root, 'written')
  const first = snapshot(object('a', 'same'), object('b', 'same'), object('c', 'other'))
  writeSnapshot(folder, first)
  expect(readSnapshot(folder)).toEqual({ ...first })
  expect(readdirSync(join(folder, 'objects'))).toHaveLength(2)
  writeSnapshot(folder, snapshot(object('c', 'other')))
  expect(readdirSync(join(folder, 'objects'))).toHaveLength(1)
  expect(readdirSync(folder).sort()).toEqual(['objects', 'state.json'])
})

test.skipIf(process.platform === 'win32')('nobody else can read it', () => {
  const folder = join(root, 'private')
  writeSnapshot(folder, snapshot(object('a', 'bytes')))
  expect(statSync(join(folder, 'state.json')).mode & 0o077).toBe(0)
})

test('a write that fails leaves the snapshot before it', () => {
  const folder = join(root, 'atomic')
  writeSnapshot(folder, snapshot())
  const before = readFileSync(join(folder, 'state.json'), 'utf8')
  // A big integer is not written as JSON: stands for whatever may go wrong in the middle.
  expect(() => writeSnapshot(folder, { ...snapshot(), ids: 1n } as never)).toThrow()
  expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe(before)
})

test('a folder of something else is not touched, and a broken file is named', () => {
  const folder = join(root, 'other')
  expect(hasSnapshot(folder)).toBe(false)
  mkdirSync(folder)
  expect(hasSnapshot(folder)).toBe(false)
  writeFileSync(join(folder, 'thesis.txt'), '')
  expect(() => hasSnapshot(folder)).toThrow(/is no state folder: it holds thesis\.txt, and no state\.json/)
  const file = join(folder, 'state.json')
  for (const [text, words] of [
    ['{', /state\.json cannot be read/],
    ['[]', /has version undefined/],
    ['{"version":2}', /has version 2, and this kit reads version 1/],
    ['{"version":1}', /has no ids/],
  ] as const) {
    writeFileSync(file, text)
    expect(() => readSnapshot(folder)).toThrow(words)
  }
})

test('two clouds do not share a folder, and one that ended without giving it back is no hindrance', async () => {
  const folder = join(root, 'lock')
  const release = takeFolder(folder)
  expect(() => takeFolder(folder)).toThrow(/in use by another local cloud, in process \d+/)
  release()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeFileSync(join(folder, 'lock'), String(child.pid))
  const next = takeFolder(folder)
  // Given back twice, it would be taken away from the next one.
  release()
  expect(readdirSync(folder)).toEqual(['lock'])
  next()
  expect(readdirSync(folder)).toEqual([])
})
