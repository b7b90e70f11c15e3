import { expect, test } from 'vitest'
import { DEFAULT_RETRIES, delays, type RetryPolicy } from './delivery-policy.ts'

test.each<[Partial<RetryPolicy>, readonly number[]]>([
  [{}, [20, 20, 20]],
  [{ numRetries: 0 }, []],
  [{ numRetries: 2, numNoDelayRetries: 2 }, [0, 0]],
  [
    {
      numRetries: 6,
      numNoDelayRetries: 1,
      numMinDelayRetries: 1,
      numMaxDelayRetries: 1,
      minDelayTarget: 1,
      maxDelayTarget: 5,
    },
    [0, 1, 1, 3, 5, 5],
  ],
  [{ minDelayTarget: 0, maxDelayTarget: 100, backoffFunction: 'arithmetic' }, [0, 37.5, 100]],
  [{ minDelayTarget: 0, maxDelayTarget: 100, backoffFunction: 'geometric' }, [0, 25, 100]],
])('%j waits %j seconds', (policy, expected) => {
  expect(delays({ ...DEFAULT_RETRIES, ...policy })).toEqual(expected)
})

test('exponential waits are short until the end', () => {
  const policy = { ...DEFAULT_RETRIES, minDelayTarget: 1, maxDelayTarget: 60, numRetries: 5 }
  const waits = delays({ ...policy, backoffFunction: 'exponential' })
  expect([waits[0], waits[4]]).toEqual([1, 60])
  expect(waits[3]).toBeLessThan(12)
})
