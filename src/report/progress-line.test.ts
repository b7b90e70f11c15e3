import { expect, test } from 'vitest'
import { progressLine } from './progress-line.ts'

function terminal(isTTY: boolean, columns = 40) {
  const written: string[] = []
  return { isTTY, columns, written, write: (text: string) => void written.push(text) }
}

test('a step is shown at once, in one line, and taken away', () => {
  const stream = terminal(true)
  const line = progressLine(stream, {})
  line.now('deploying')
  line.now(`trying: ${'a long promise '.repeat(9)}`)
  line.clear()
  line.clear()
  expect(stream.written).toHaveLength(3)
  expect(stream.written[0]).toBe('\r\u001b[K  … deploying')
  expect(stream.written[1]).toMatch(/…$/)
  expect(stream.written[1]!.length).toBeLessThanOrEqual(40 + 4)
  expect(stream.written[2]).toBe('\r\u001b[K')
})

test('a file, a dumb terminal and a build server get none of it', () => {
  for (const [stream, env] of [
    [terminal(false), {}],
    [terminal(true), { TERM: 'dumb' }],
    [terminal(true), { CI: 'true' }],
  ] as const) {
    const line = progressLine(stream, env)
    line.now('deploying')
    line.clear()
    expect(stream.written).toEqual([])
  }
})
