import { expect, test } from 'vitest'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { accountOf } from './account.ts'
import { accountInWords } from './in-words.ts'
import type { Tried } from './measure.ts'
import type { Mutant } from './mutant.ts'
import type { Outcome } from './try.ts'

const lab = lab1

const mutant = (line: number, operator = 'drop-await'): Mutant => ({
  operator,
  file: 'handlers/answer.ts',
  was: `await f${line}()`,
  becomes: `f${line}()`,
  says: 'drops an await',
  appliesTo: 'handler',
  line,
  text: '',
})

const tried = (outcomes: readonly Outcome[]): Tried[] =>
  outcomes.map((outcome, index) => ({ mutant: mutant(index + 1), outcome }))

const refused: Outcome = { kind: 'refused', at: 'door-opens' }
const surviving: Outcome = { kind: 'surviving' }

const account = (all: readonly Tried[], lists = {}, isWhole = false) =>
  accountOf(
    lab,
    all.map(one => one.mutant),
    all,
    { explained: [], known: [], ...lists },
    isWhole,
  )

test('what never came up does not count, and every other mutant counts once', () => {
  const { total, dropped } = account(
    tried([
      refused,
      surviving,
      { kind: 'dropped', because: 'same' },
      { kind: 'not checked', because: 'a fault' },
    ]),
  )
  expect(total).toEqual({ deployed: 3, refused: 1, explained: 0, surviving: 1, notChecked: 1 })
  expect(dropped).toEqual({ compiles: 0, synthesizes: 0, deploys: 0, same: 1 })
})

test('what is explained does not survive', () => {
  const all = tried([surviving, refused])
  const { total, survivors, faults } = account(all, {
    explained: [{ ...mutant(1), because: 'The README says nothing.' }],
  })
  expect(total).toMatchObject({ explained: 1, surviving: 0 })
  expect(survivors).toEqual([])
  expect(faults).toEqual([])
})

test('an explanation of what is refused is stale, and so is one of what is not there', () => {
  const explained = [1, 9].map(line => ({ ...mutant(line), because: 'The README says nothing.' }))
  const { faults } = account(tried([refused]), { explained })
  expect(faults).toEqual([
    'explained.json: drop-await in handlers/answer.ts, "await f1()" to "f1()": it is refused, at door-opens.',
    'explained.json: drop-await in handlers/answer.ts, "await f9()" to "f9()": there is no such mutant.',
  ])
})

test('a survivor that was noted is known, and a new one is not', () => {
  const { survivors } = account(tried([surviving, surviving]), {
    known: [{ ...mutant(1), outcome: 'surviving' }],
  })
  expect(survivors.map(({ isKnown }) => isKnown)).toEqual([true, false])
})

test('a survivor is told with the promise that refuses mutants near it', () => {
  const { survivors } = account(tried([refused, surviving, refused]))
  expect(survivors[0]?.perhaps).toBe('door-opens')
  expect(accountInWords(account(tried([refused, surviving])))).toContain(
    [
      `  survives: drop-await at solutions/${lab.id}/handlers/answer.ts:2: somebody drops an await.`,
      '    - await f2()',
      '    + f2()',
      '    Mutants near it are refused at door-opens.',
    ].join('\n'),
  )
})

test('too few mutants, and too many explained, are faults of the measure', () => {
  expect(account(tried([refused]), {}, true).faults).toEqual([
    'Only 1 mutants were deployed; 40 are the fewest.',
  ])
  const all = tried(Array.from({ length: 40 }, (_, index) => (index < 7 ? surviving : refused)))
  const explained = all.slice(0, 7).map(one => ({ ...one.mutant, because: 'The README says nothing.' }))
  expect(account(all, { explained }, true).faults).toEqual([
    '7 of 40 mutants are explained; at most 15 % may be.',
  ])
})
