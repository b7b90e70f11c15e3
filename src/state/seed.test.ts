import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { itemFrom } from './attribute-values.ts'
import { readSeed, type Seed } from './seed.ts'

const folder = mkdtempSync(join(tmpdir(), 'wslab-seed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (text: string, name = 'seed.yaml'): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

test('a file in YAML and the same in JSON hold the same', () => {
  writeFileSync(join(folder, 'cat.txt'), 'meow')
  const yaml = readSeed(
    file(`
tables:
  Rooms:
    - id: lobby
      seats: 3
      tags: [a, 2, { deep: true }]
users:
  People:
    - { username: ana, password: 'Passw0rd!', attributes: { email_verified: true }, groups: [staff] }
objects:
  Files:
    hello.txt: Hello
    cat.txt: { file: cat.txt, contentType: text/plain }
parameters:
  /chat/greeting: Hi
  /chat/secret: { value: hidden, type: SecureString }
`),
  )
  const json = readSeed(
    file(
      JSON.stringify({
        tables: { Rooms: [{ id: 'lobby', seats: 3, tags: ['a', 2, { deep: true }] }] },
        users: {
          People: [
            {
              username: 'ana',
              password: 'Passw0rd!',
              attributes: { email_verified: true },
              groups: ['staff'],
            },
          ],
        },
        objects: {
          Files: { 'hello.txt': 'Hello', 'cat.txt': { base64: 'bWVvdw==', contentType: 'text/plain' } },
        },
        parameters: { '/chat/greeting': 'Hi', '/chat/secret': { value: 'hidden', type: 'SecureString' } },
      }),
      'seed.json',
    ),
  )
  const what = ({ rows, users, objects, parameters }: Seed) =>
    [rows, users, objects, parameters].map(all => all.map(one => [one.name, one.what]))
  expect(what(json)).toEqual(what(yaml))
  expect(yaml.rows[0]?.what).toEqual({
    id: { S: 'lobby' },
    seats: { N: '3' },
    tags: { L: [{ S: 'a' }, { N: '2' }, { M: { deep: { BOOL: true } } }] },
  })
  expect(yaml.objects[1]?.what.bytes.toString()).toBe('meow')
  expect(yaml.users[0]?.what.attributes).toEqual({ email_verified: 'true' })
})

test('a row may be DynamoDB JSON, and a plain row may look a little like it', () => {
  const item = { id: { S: 'a' }, tags: { SS: ['x'] } }
  expect(itemFrom(item)).toEqual(item)
  expect(itemFrom({ id: 'a', shape: { S: 'x' } })).toEqual({
    id: { S: 'a' },
    shape: { M: { S: { S: 'x' } } },
  })
  expect(
    itemFrom({ id: 'a', set: new Set([1, 2]), bytes: new Uint8Array([1]), big: 12n, none: null }),
  ).toEqual({
    id: { S: 'a' },
    set: { NS: ['1', '2'] },
    bytes: { B: 'AQ==' },
    big: { N: '12' },
    none: { NULL: true },
  })
})

const wrong: readonly (readonly [string, string, string])[] = [
  ['no YAML', 'tables:\n  Rooms: [', 'seed.yaml:3:1: this is neither JSON nor YAML'],
  ['no mapping', '- a\n', 'seed.yaml:1: this is to be a mapping, and is a list.'],
  ['an empty file', '', 'this is to be a mapping'],
  ['another part', 'tabels: {}\n', 'seed.yaml:1: there is no tabels here. Did you mean tables?'],
  [
    'rows that are no list',
    'tables:\n  Rooms: { id: a }\n',
    'seed.yaml:2, tables.Rooms: this is to be a list',
  ],
  [
    'a row that is none',
    'tables:\n  Rooms:\n    - id: a\n    - lobby\n',
    'tables.Rooms[1]: this is to be a mapping, and is "lobby".',
  ],
  [
    'a number with too many digits',
    'tables:\n  Rooms:\n    - id: a\n\n    - id: b\n      n: 12345678901234567890\n',
    'seed.yaml:5, tables.Rooms[1].n: 12345678901234567000 has more digits',
  ],
  [
    'a user without a password',
    'users:\n  P:\n    - username: ana\n',
    'users.P[0]: password is to be a text',
  ],
  [
    'a user with another member',
    'users:\n  P:\n    - { username: a, pasword: b }\n',
    'there is no pasword here. Did you mean password?',
  ],
  [
    'an object of two kinds',
    'objects:\n  F:\n    a: { text: a, base64: b }\n',
    'one of text, base64 and file',
  ],
  [
    'a file that is not there',
    'objects:\n  F:\n    a: { file: nowhere }\n',
    'objects.F.a: the file cannot be read',
  ],
  ['a parameter that is a list', 'parameters:\n  /a: [1]\n', 'parameters./a: this is to be a mapping'],
]

test.for(wrong)('%s is refused, and the place is named', ([, text, words]) => {
  expect(() => readSeed(file(text))).toThrow(words)
})

test('a file that is not there is said', () => {
  expect(() => readSeed(join(folder, 'nowhere.yaml'))).toThrow(/nowhere\.yaml cannot be read: ENOENT/)
})
