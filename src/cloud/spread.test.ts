import { expect, test } from 'vitest'
import type { Principal } from './iam/principal.ts'
import { spreading } from './spread.ts'

/** An instance that has begun with an event without a connection, as a batch of a queue is, and writes when it is told to. */
function instances(functionArns: readonly string[]) {
  const spread = spreading()
  const begun = spread.begin()
  const all = functionArns.map(functionArn => {
    const principal = {} as Principal
    expect(spread.handOver(principal, undefined, functionArn)).toBeUndefined()
    return { write: () => spread.beforeCall(principal, [{ action: 'dynamodb:PutItem', resource: '*' }]) }
  })
  return { all, end: begun.end }
}

/** Whether something has been let go on. */
function watch(held: Promise<void> | undefined): { isOn: boolean } {
  const seen = { isOn: false }
  void Promise.resolve(held).then(() => {
    seen.isOn = true
  })
  return seen
}

const turn = () => new Promise(resolve => setImmediate(resolve))

test('of two batches of a function, neither writes before the other has read', async () => {
  const { all, end } = instances(['deliver', 'deliver'])
  const first = watch(all[0]!.write())
  await turn()
  expect(first.isOn).toBe(false)
  const second = watch(all[1]!.write())
  await turn()
  expect([first.isOn, second.isOn]).toEqual([true, true])
  end()
})

test('a batch does not wait for another function, and goes on alone after a while', async () => {
  const { all, end } = instances(['deliver', 'remember'])
  const [first, second] = [watch(all[0]!.write()), watch(all[1]!.write())]
  await turn()
  expect([first.isOn, second.isOn]).toEqual([false, false])
  await expect.poll(() => [first.isOn, second.isOn]).toEqual([true, true])
  end()
})

test('a batch that waits goes on when the spreading ends', async () => {
  const { all, end } = instances(['deliver'])
  const first = watch(all[0]!.write())
  end()
  await turn()
  expect(first.isOn).toBe(true)
})
