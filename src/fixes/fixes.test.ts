import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { house } from '../run/house.ts'
import { type Fix, fixesOf, partsOf, readFix } from './fixes.ts'
import { BadHeader, emptyHeader, overBase, parseHeader } from './header.ts'
import { treeOf } from './lay-out.ts'
import { sampleOf } from './sample.ts'
import { saveFix } from './save.ts'

const lab = lab1
const parse = (text: string, kind: 'wrong' | 'right' = 'wrong') => parseHeader(text, kind, lab)

test('a header says where a fix is refused, why, and what its diff starts from', () => {
  expect(parse('refused at: whoami-is-true\nbecause: It works\n  once: no more.\nover: solution')).toEqual({
    refusedAt: 'whoami-is-true',
    orAt: [],
    because: 'It works once: no more.',
    over: 'solution',
    lacks: undefined,
    needs: undefined,
  })
  expect(
    parse('because: x\nlacks: dynamodb-streams\nover: starter\nneeds: cache-server', 'right'),
  ).toMatchObject({
    ...{ refusedAt: undefined, orAt: [], over: 'starter', lacks: 'dynamodb-streams', needs: 'cache-server' },
  })
})

const whole = 'refused at: compiles\nbecause: x\nover: solution'

test.each([
  ['an unknown field', `${whole}\nwhy: x`, /no field "why".*refused at, because/],
  ['a field twice', `${whole}\nover: starter`, /"over" is there twice/],
  ['a line that is no field', `${whole}\nJust so`, /"Just so" is no header line/],
  ['no place', 'because: x\nover: solution', /"refused at" is missing.*compiles.*whoami-is-true/],
  ['an empty place', whole.replace('compiles', ''), /"refused at" is empty/],
  ['a place that the lab does not have', whole.replace('compiles', 'door-open'), /no criterion "door-open"/],
  ['no reason', 'refused at: compiles\nover: solution', /"because" is missing. Say why it is wrong/],
  ['an empty reason', whole.replace('x\n', '\n'), /"because" is empty/],
  ['no base', 'refused at: compiles\nbecause: x', /"over" is missing/],
  ['an unknown base', whole.replace('solution', 'main'), /"over" is "main". It can be: solution, starter/],
  ['an unknown need', `${whole}\nneeds: luck`, /"needs" is "luck"/],
  ['something lacking in a wrong fix', `${whole}\nlacks: x`, /"lacks" is for right fixes/],
])('a header is refused by its field: %s', (_what, text, says) => {
  expect(() => parse(text)).toThrow(BadHeader)
  expect(() => parse(text)).toThrow(says)
})

test('a right fix is refused nowhere, and lacks something that has a name', () => {
  expect(() => parse(whole, 'right')).toThrow(/refused nowhere/)
  expect(() => parse('because: x\nover: solution\nlacks:', 'right')).toThrow(/"lacks" is empty/)
})

test('a header to fill in is whole but for what is to be filled in', () => {
  expect(() => parse(emptyHeader('wrong'))).toThrow(/"refused at" is empty|"because" is empty/)
  const filled = emptyHeader('right').replace('because: ', 'because: It is right.')
  expect(parse(filled, 'right')).toMatchObject({ because: 'It is right.', over: 'solution' })
  expect(parse(overBase(filled, 'starter'), 'right').over).toBe('starter')
})

test('the diff begins after the first blank line, and its lines are counted from there', () => {
  expect(partsOf('over: solution\n\n--- a/x\n\n')).toEqual({
    ...{ header: 'over: solution', difference: '--- a/x\n\n', firstLine: 3 },
  })
  expect(partsOf('over: solution\r\n\r\n--- a/x\n')).toMatchObject({ header: 'over: solution', firstLine: 3 })
  expect(partsOf('over: solution\n\n')).toEqual({ header: 'over: solution', difference: '', firstLine: 3 })
})

const fix = readFix(lab, 'wrong', 'only-whoami')

test('a diff that does not apply is told by the names of the fix, the file and the hunk', async () => {
  const otherBase: Fix = { ...fix, over: fix.over === 'solution' ? 'starter' : 'solution' }
  await expect(treeOf(otherBase)).rejects.toThrow(
    /^checks\/lab1-missing-route\/wrong\/only-whoami\.diff, over the starter: Hunk 1 of stack\.ts/,
  )
})

test('a fix cannot delete what the starter has, as it is laid over the starter', async () => {
  const stack = [...(await treeOf(fix))].find(([path]) => path === 'app.ts')?.[1] ?? ''
  const lines = stack.trimEnd().split('\n')
  const deletes = [
    `--- a/app.ts`,
    '+++ /dev/null',
    `@@ -1,${lines.length} +0,0 @@`,
    ...lines.map(one => `-${one}`),
    '',
  ]
  await expect(treeOf({ ...fix, difference: deletes.join('\n') })).rejects.toThrow(/it deletes app\.ts/)
})

test('a folder that is the solution holds no fix, and one that is not text cannot be kept', async () => {
  const solution = join(house, 'solutions', lab.id)
  await expect(saveFix(fix, solution)).rejects.toThrow(/is the solution of lab1-missing-route, to the letter/)
  const folder = mkdtempSync(join(tmpdir(), 'wslab-fix-'))
  try {
    writeFileSync(join(folder, 'logo.ts'), Buffer.from([0xff, 0xd8]))
    await expect(saveFix(fix, folder)).rejects.toThrow(/^logo\.ts is not UTF-8 text/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a sample leaves out what cannot run everywhere', () => {
  const all = fixesOf(lab)
  const [first] = sampleOf(lab, all).filter(one => one.kind === 'right')
  for (const cannot of [{ needs: 'cache-server' as const }, { lacks: 'dynamodb-streams' }]) {
    const changed = all.map(one => (one === first ? { ...one, ...cannot } : one))
    expect(sampleOf(lab, changed).map(one => one.name)).not.toContain(first?.name)
  }
})
