import { expect, test } from 'vitest'
import type { Finding, Verdict } from '#kit'
import { wantsColour } from './paint.ts'
import { findingInWords, verdictInWords } from './terminal.ts'
import { widthOf } from './width.ts'
import { columnsOf, wrap } from './wrap.ts'

const lesson = { explanation: 'docs/x.md', starterBreaks: ['everybody-hears'] }

const broken: Finding = {
  id: 'everybody-hears',
  says: 'What one client says, every client hears',
  verdict: 'fail',
  did: 'ana connected; ana sent {"action":"say"}',
  expected: 'ben to hear {"text":"hello"}',
  observed: 'silence',
  evidence: ['ana > {"action":"say"}', 'Say logged: AccessDeniedException: no'],
  means: 'The function may not post.',
  where: 'starter/lab2/stack.ts:41',
  hint: 'docs/permissions.md#who-may-post',
  ms: 212,
}

test('a broken promise is told as what was done, expected, observed, shown, meant, and where to look', () => {
  expect(findingInWords(broken, false)).toBe(`  ✗ What one client says, every client hears

    did       ana connected; ana sent {"action":"say"}
    expected  ben to hear {"text":"hello"}
    observed  silence
    evidence  ana > {"action":"say"}
              Say logged: AccessDeniedException: no
    means     The function may not post.
    where     starter/lab2/stack.ts:41
    read      docs/permissions.md#who-may-post

`)
})

test('colour adds nothing but colour', () => {
  const verdicts: Finding[] = [
    broken,
    { ...broken, verdict: 'pass' },
    { ...broken, verdict: 'skipped', means: 'Not tried.' },
    { ...broken, verdict: 'error' },
  ]
  for (const finding of verdicts) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
    expect(findingInWords(finding, true).replace(/\u001b\[\d+m/g, '')).toBe(findingInWords(finding, false))
  }
})

test('a flood of evidence is cut, and says so', () => {
  const words = findingInWords(
    { ...broken, evidence: Array.from({ length: 40 }, (_, line) => `line ${line}`) },
    false,
  )
  expect(words).toContain('line 11')
  expect(words).not.toContain('line 12')
  expect(words).toContain('and 28 more lines')
})

test('a long frame is cut in its middle, and control characters can be seen and do nothing', () => {
  const words = findingInWords(
    {
      ...broken,
      observed: 'a\u001b[31mtab\there, \u202eturned',
      evidence: [`ana < {"text":"${'x'.repeat(2_000)} and its end"}`, 'ana < two\nlines'],
    },
    false,
  )
  expect(words).toContain('observed  a␛[31mtab\there, <U+202E>turned\n')
  expect(words).toMatch(/evidence {2}ana < \{"text":"x+ … \(2,\d+ characters\) … x* and its end"\}\n/)
  expect(words).toContain('ana < two␊lines\n')
  for (const line of words.split('\n')) expect(line.length).toBeLessThan(350)
})

test('each verdict says what it is, and the next command', () => {
  const verdict = (outcome: Verdict['verdict']): Verdict => ({
    version: 1,
    lab: 'lab2-wrong-permissions',
    target: 'local',
    source: 'starter',
    verdict: outcome,
    criteria: [],
    ms: { synth: 0, deploy: 0, probe: 0, total: 1234 },
  })
  expect(verdictInWords(verdict('pass'), lesson, false)).toMatch(
    /Fixed[\s\S]*docs\/x\.md[\s\S]*npm run diff -- lab2/,
  )
  expect(verdictInWords(verdict('pass'), { ...lesson, starterBreaks: [] }, false)).toMatch(
    /All is well: \S+ keeps all its promises \([\d.]+ s\)\.\nWhat you have seen: docs\/x\.md/,
  )
  expect(verdictInWords(verdict('fail'), lesson, false)).toMatch(
    /Not fixed yet[\s\S]*1\.2 s[\s\S]*npm run hint -- lab2/,
  )
  expect(verdictInWords(verdict('error'), lesson, false)).toMatch(
    /Could not check[\s\S]*not about your stack[\s\S]*npm run doctor/,
  )
})

test('a check of a hand-in offers no command that works on the starter', () => {
  const verdict = (outcome: Verdict['verdict']): Verdict => ({
    version: 1,
    lab: 'lab2-wrong-permissions',
    target: 'local',
    source: 'hand-ins/7',
    verdict: outcome,
    criteria: [],
    ms: { synth: 0, deploy: 0, probe: 0, total: 1234 },
  })
  expect(verdictInWords(verdict('fail'), lesson, false)).not.toMatch(/npm run/)
  expect(verdictInWords(verdict('pass'), lesson, false)).not.toMatch(/npm run/)
})

test('an error that has a page of its own leads there, and not to the doctor', () => {
  const error: Finding = { id: 'deploys', says: '', verdict: 'error', hint: 'docs/y.md#z', ms: 0 }
  const verdict = {
    version: 1,
    lab: 'lab2-wrong-permissions',
    target: 'local',
    source: 'starter',
    verdict: 'error',
    criteria: [error],
    ms: { synth: 0, deploy: 0, probe: 0, total: 0 },
  } as const
  expect(verdictInWords(verdict, lesson, false)).toMatch(/What you can do: docs\/y\.md#z\n$/)
})

test('on a terminal every line fits its width, further lines hang, and skipped promises name titles', () => {
  const long: Finding = {
    ...broken,
    says: `${'A promise of many words '.repeat(6)}`.trim(),
    evidence: [`ana < {"text":"${'x'.repeat(300)}"}`, `漢字${'漢'.repeat(90)}`],
    means: 'words and more '.repeat(20).trim(),
  }
  const skipped: Finding = { id: 'b', says: 'Another', verdict: 'skipped', after: 'a', means: 'x', ms: 0 }
  for (const width of [60, 80, 200]) {
    const terminal = { width, titleOf: (id: string) => (id === 'a' ? 'The first promise' : undefined) }
    const words = findingInWords(long, true, terminal)
    for (const line of words.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width)
    expect(words).toMatch(/\n {14}(words|and|more) /)
    expect(findingInWords(skipped, false, terminal)).toBe(
      '  – Another\n    Not tried, because "The first promise" comes first.\n',
    )
  }
})

test('a report is set for 60 to 200 columns of a terminal, and for none where there is no terminal', () => {
  expect(widthOf({ isTTY: true, columns: 20 })).toBe(60)
  expect(widthOf({ isTTY: true, columns: 132 })).toBe(132)
  expect(widthOf({ isTTY: true, columns: 500 })).toBe(200)
  expect(widthOf({ isTTY: false, columns: 80 })).toBeUndefined()
})

test('nothing is faint, and nothing is yellow on what may be white', () => {
  const all = (['pass', 'fail', 'error', 'skipped'] as const).map(verdict =>
    findingInWords({ ...broken, verdict }, true),
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  expect(all.join('')).not.toMatch(/\u001b\[(2|33)m/)
})

test('a long line breaks at spaces only, so that JSON can still be copied', () => {
  const json = `{"x":"${'y'.repeat(200)}"}`
  expect(wrap(`before ${json} after`, 4)).toBe(`before\n    ${json}\n    after`)
})

test('colour is for terminals; NO_COLOR takes it away, FORCE_COLOR gives it', () => {
  expect(wantsColour({ isTTY: true }, {})).toBe(true)
  expect(wantsColour({ isTTY: false }, {})).toBe(false)
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
  expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true)
  expect(wantsColour({ isTTY: true }, { FORCE_COLOR: '0' })).toBe(false)
})
