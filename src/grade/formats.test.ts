import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import type { Finding, Verdict } from '#kit'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { painter } from '../report/paint.ts'
import { house } from '../run/house.ts'
import { asCsv } from './csv.ts'
import { documentOf } from './document.ts'
import { asAnnotations, asSummary } from './github.ts'
import { type Graded, gradeOf } from './graded.ts'
import { asHtml } from './html.ts'
import { asJunit } from './junit.ts'
import { belowTheTable, tableFor } from './table.ts'

const lab = lab1
const [first, second, third, ...rest] = lab.criteria
const kept = ({ id, says }: { id: string; says: string }): Finding => ({ id, says, verdict: 'pass', ms: 1 })
const checked = (verdict: Verdict['verdict'], criteria: Finding[]): Verdict => ({
  ...{ version: 1, lab: lab.id, target: 'local', source: 'x', verdict, criteria },
  ms: { synth: 1, deploy: 1, probe: 1, total: 3 },
})
const about = { unchanged: false, attempts: 1, ms: 1234 }

/** Somebody who tries to speak to the terminal, the spreadsheet, the browser and GitHub. */
const evil = '=HYPERLINK("x")\u001b[31m<script>::error::,| @all'
const broken: Finding = {
  ...{ id: second!.id, says: second!.says, verdict: 'fail', observed: evil, evidence: [evil, '\ud800'] },
  ...{ means: 'one\ntwo', where: 'ben/stack.ts:41', hint: 'docs/routes.md#x', ms: 5 },
}
const failing = checked('fail', [
  kept(first!),
  broken,
  { ...kept(third!), verdict: 'skipped', after: second!.id, means: 'Not tried.' },
  // Not checked here: no browser. It is worth nothing on this machine.
  { ...kept(rest[0]!), verdict: 'skipped', means: 'Not checked here.' },
  ...rest.slice(1).map(kept),
])
const ana = gradeOf({ name: 'ana', kind: 'folder' }, lab, checked('pass', lab.criteria.map(kept)), about)
const ben = gradeOf({ name: 'ben', kind: 'folder' }, lab, failing, { ...about, unchanged: true })
const hostile = gradeOf({ name: evil, kind: 'zip' }, lab, failing, about)
const ours: Finding = {
  ...{
    id: 'the-check-itself',
    says: 'The check can be carried out',
    verdict: 'error',
    observed: 'ENOSPC',
    ms: 0,
  },
}
const ida = gradeOf({ name: 'ida', kind: 'folder' }, lab, checked('error', [ours]), about)
const noZip: Graded = {
  ...{ name: 'ivo.zip', kind: 'zip', grade: 'look', unchanged: false, attempts: 0, ms: 3 },
  because: 'ivo.zip cannot be read as a ZIP.',
}
const document = documentOf(lab, 'hand-ins', [ana, ben, hostile, ida, noZip])

const schema = (name: string) => JSON.parse(readFileSync(join(house, 'docs', 'schemas', name), 'utf8'))
const ajv = new Ajv2020.default({ strict: true, strictRequired: false })

test('points are the promises that are kept, of those that can be tried here', () => {
  expect([ana.points, ana.of]).toEqual([lab.criteria.length, lab.criteria.length])
  expect([ben.points, ben.of]).toEqual([lab.criteria.length - 3, lab.criteria.length - 1])
  const weighed = gradeOf(ben, { ...lab, weights: { [first!.id]: 5 } }, failing, about)
  expect([weighed.points, weighed.of]).toEqual([ben.points! + 4, ben.of! + 4])
})

test('what could not be judged has no points, which is not 0 points', () => {
  expect(ida).toMatchObject({ grade: 'look', because: expect.stringContaining('ENOSPC') })
  expect(ida).not.toHaveProperty('points')
  expect(document.totals).toEqual({ pass: 1, fail: 2, look: 2 })
  expect(document.verdict).toBe('error')
})

test('what several got wrong is counted, and what is to be looked at is not', () => {
  expect(document.common).toEqual([
    { ...{ id: second!.id, says: second!.says, count: 2, hint: 'docs/routes.md#x' }, handIns: ['ben', evil] },
  ])
})

test('the document is as its published schema says, and so is each verdict in it', () => {
  const valid = ajv.compile(schema('grade-1.schema.json'))
  expect(valid(JSON.parse(JSON.stringify(document))), JSON.stringify(valid.errors)).toBe(true)
  const isVerdict = ajv.compile(schema('check-1.schema.json'))
  expect(isVerdict(failing), JSON.stringify(isVerdict.errors)).toBe(true)
  expect(isVerdict({ version: 1, verdict: 'fail', labs: [failing] })).toBe(true)
  expect(isVerdict({ ...failing, verdict: 'maybe' })).toBe(false)
  expect(valid({ ...document, handIns: [{ ...noZip, points: 0 }] })).toBe(false)
})

test('the table fits its terminal, names an unchanged starter, and shows what would move the cursor', () => {
  for (const width of [60, 80, 200]) {
    const table = tableFor(['ana', 'ben', evil], painter(false), width)
    const lines = [table.head, ...document.handIns.map(table.row)].flatMap(row => row.split('\n'))
    for (const line of lines) expect(line.length).toBeLessThan(width)
  }
  const table = tableFor(['ana', 'ben'], painter(false))
  expect(table.row(ben)).toMatch(/^ben +unchanged starter +\d of \d +1\.2 s {2}\S/)
  expect(table.row(hostile)).not.toContain('\u001b')
  expect(belowTheTable(document, painter(false))).toMatch(
    /5 graded: 1 fixed, 2 not fixed, 2 to be looked at\.[\s\S]*ivo\.zip cannot be read[\s\S]*2 of 5 {2}/,
  )
})

test('CSV has a row each, quotes what needs it, and holds no formula', () => {
  const lines = asCsv(document).split('\r\n')
  expect(lines).toHaveLength(7)
  expect(lines[3]).toMatch(/^"'=HYPERLINK\(""x""\)/)
  expect(lines[4]).toMatch(/^ida,to be looked at,,,/)
})

test('JUnit has a case each promise, and no character that XML forbids', () => {
  const xml = asJunit(document)
  expect(xml.match(/<testsuite /g)).toHaveLength(5)
  expect(xml.match(/<failure /g)).toHaveLength(2)
  expect(xml).toMatch(/name="ivo\.zip" tests="1" failures="0" errors="1"/)
  expect(xml).not.toContain('<script>')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/u)
})

test('GitHub gets at most ten annotations, and a hand-in cannot give it commands', () => {
  const many = documentOf(lab, 'hand-ins', [ana, ...Array.from({ length: 30 }, () => hostile), ida])
  const lines = asAnnotations(many, (_, path) => `hand-ins/${path}`)
    .trimEnd()
    .split('\n')
  expect(lines).toHaveLength(10)
  expect(lines[0]).toMatch(/^::error file=hand-ins\/ben\/stack\.ts,line=41,title=[^:,]*::[^\n]*%0Aone%0Atwo$/)
  expect(lines[9]).toMatch(/^::notice title=Hand-ins::22 more/)
  for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) /)
  const summary = asSummary(many)
  expect(summary).not.toMatch(/<script>|@all|\| \|/)
  expect(summary.match(/^\| (?!Hand-in|---)/gm)).toHaveLength(32)
})

test('the HTML is one file without a script', () => {
  const html = asHtml(document)
  expect(html).not.toMatch(/<script|<link|<img|https?:/)
  expect(html.match(/<details /g)).toHaveLength(5)
  expect(html).toContain('unchanged starter')
})
