import { expect, test } from 'vitest'
import { labs } from '../../labs/index.ts'
import { type Command, labNamed, nearest, understand, WrongUsage } from './usage.ts'

const command: Command = {
  synopsis: '<lab> [--solution | --from DIR]',
  about: '',
  mostWords: 1,
  options: {
    solution: { type: 'boolean' },
    from: { type: 'string' },
    stack: { type: 'string', multiple: true },
  },
  run: async () => 0,
}

test('words and flags are told apart, in any order', () => {
  expect(
    understand('check', command, ['--from', 'hand-ins/7', 'lab2', '--stack', 'a', '--stack', 'b']),
  ).toEqual({
    words: ['lab2'],
    flags: expect.objectContaining({ from: 'hand-ins/7', stack: ['a', 'b'] }),
  })
})

test.for([
  [
    ['--solutoin'],
    /--solutoin is no option of check\. Did you mean --solution\?\nUsage: npm run check -- <lab>/,
  ],
  [['--xyzzy-plugh'], /--xyzzy-plugh is no option of check\.\nUsage/],
  [['lab1', 'lab2'], /check cannot use "lab2"\.\nUsage/],
  [['--from'], /--from needs a value/],
  [['--solution=yes'], /--solution takes no value/],
] as const)('%j is refused in words', ([args, words]) => {
  expect(() => understand('check', command, args)).toThrow(WrongUsage)
  expect(() => understand('check', command, args)).toThrow(words)
})

test.for(['lab1', '1', 'lab1-missing-route'])('%s names lab 1', name => {
  expect(labNamed(name, labs).id).toBe('lab1-missing-route')
})

test.for([
  ['0', 'lab0-look-around'],
  ['lab0', 'lab0-look-around'],
  ['10', 'lab10-the-answer-nobody-hears'],
  ['lab10', 'lab10-the-answer-nobody-hears'],
] as const)('%s names %s, and lab 1 is another one', ([name, id]) => {
  expect(labNamed(name, labs).id).toBe(id)
})

test('a lab that is not there is refused with the nearest one and the list', () => {
  expect(() => labNamed('lab1-mising-route', labs)).toThrow(
    /Did you mean lab1-missing-route\?\nThere are: lab0-look-around, lab1-missing-route/,
  )
  expect(() => labNamed('lba2', labs)).toThrow(/Did you mean lab2\?/)
  expect(() => labNamed(undefined, labs)).toThrow(/Which lab\?/)
})

test('what is too far away is not guessed at', () => {
  expect(nearest('quux', ['check', 'labs'])).toBe('')
})
