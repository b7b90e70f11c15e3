import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { house } from '../run/house.ts'
import { filesWithProse } from './files.ts'
import { type Finding, inWords, lint } from './lint.ts'

const read = (file: string): string => readFileSync(join(house, file), 'utf8')
const findings: readonly Finding[] = (await filesWithProse()).flatMap(file => lint(file, read(file)))
const readBy = (reader: Finding['reader']) => findings.filter(finding => finding.reader === reader)

test('what a user reads is plain English', () => {
  expect(readBy('user').map(inWords)).toEqual([])
})

/** How many old words each room still had in comments and test names when the list came. Lower a number; never raise one. */
const noted: Readonly<Record<string, number>> = JSON.parse(read('src/prose/still-there.json'))

test('comments and test names get no more foreign words than they had', () => {
  const rooms = new Map<string, string[]>()
  for (const finding of readBy('owner')) {
    const room = roomOf(finding.file)
    rooms.set(room, [...(rooms.get(room) ?? []), inWords(finding)])
  }
  const grown = [...rooms].filter(([room, found]) => found.length > (noted[room] ?? 0))
  expect(grown.map(([room, found]) => ({ room, noted: noted[room] ?? 0, found }))).toEqual([])
})

/** `src/cloud/iam` for a file of IAM's, `checks/lab1-missing-route` for one of that lab's check. */
function roomOf(file: string): string {
  const folders = file.split('/').slice(0, -1)
  return folders.slice(0, file.startsWith('src/cloud/') ? 3 : 2).join('/')
}
