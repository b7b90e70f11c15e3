import { expect, test } from 'vitest'
import { openGate } from './gate.ts'

function held() {
  const log: string[] = []
  const releases = new Map<string, () => void>()
  const task = (name: string) => async () => {
    log.push(`${name} in`)
    await new Promise<void>(resolve => releases.set(name, resolve))
    log.push(`${name} out`)
    return name
  }
  return { log, task, release: (name: string) => releases.get(name)!() }
}

test('many are inside together, one alone only by itself, and nobody overtakes', async () => {
  const gate = openGate()
  const { log, task, release } = held()
  const all = [
    gate.together(task('a')),
    gate.together(task('b')),
    gate.alone(task('C')),
    gate.together(task('d')),
    gate.together(task('e')),
  ]
  expect(log).toEqual(['a in', 'b in'])
  release('b')
  release('a')
  await all[0]
  await expect.poll(() => log.at(-1)).toBe('C in')
  release('C')
  await expect.poll(() => log.at(-1)).toBe('e in')
  release('d')
  release('e')
  expect(await Promise.all(all)).toEqual(['a', 'b', 'C', 'd', 'e'])
  expect(log.slice(2)).toEqual(['b out', 'a out', 'C in', 'C out', 'd in', 'e in', 'd out', 'e out'])
})

test('somebody who fails inside leaves like anybody else', async () => {
  const gate = openGate()
  const fail = () => Promise.reject(new Error('no'))
  await expect(gate.alone(fail)).rejects.toThrow('no')
  await expect(gate.together(fail)).rejects.toThrow('no')
  expect(await gate.alone(async () => 'fine')).toBe('fine')
})
