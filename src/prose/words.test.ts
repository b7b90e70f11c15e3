import { describe, expect, test } from 'vitest'
import { hitsIn, rules } from './words.ts'

const namesIn = (sentence: string): string[] => hitsIn(sentence).map(({ rule }) => rule.name)

describe.each(rules)('the rule $name', ({ name, finds, passes }) => {
  test.each(finds)('finds: %s', sentence => {
    expect(namesIn(sentence)).toContain(name)
  })

  test.each(passes)('lets pass: %s', sentence => {
    expect(namesIn(sentence)).not.toContain(name)
  })
})

test('a phrase is found across the end of a line, but not across the end of a paragraph', () => {
  expect(namesIn('The loop is none\n  the wiser.')).toEqual(['none the wiser'])
  expect(namesIn('There is none\n\nthe wiser of us')).toEqual([])
})

test('a name that contains a word is no word', () => {
  for (const name of ['told-whoever', 'lab/mend.ts', 'mend(it)', 'whoever-comes', '$whoever', 'whoever=1']) {
    expect(namesIn(`See ${name} there.`)).toEqual([])
  }
})
