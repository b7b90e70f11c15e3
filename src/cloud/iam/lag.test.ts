import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defaultAccount as account } from '../account.ts'
import { eventStream } from '../events.ts'
import { lagBy } from './lag.ts'
import type { Principal } from './principal.ts'
import { startIam } from './roles.ts'

const LAG = 40
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())
const aWhile = () => vi.advanceTimersByTime(LAG)

test('without a lag a change is seen at once', () => {
  const lag = lagBy<string>(0)
  lag.put('door', 'open')
  expect(lag.seen('door')).toBe('open')
  lag.put('door', undefined)
  expect(lag.seen('door')).toBeUndefined()
})

test('with a lag each change is seen in its turn, and not before its time', () => {
  const lag = lagBy<string>(LAG)
  lag.put('door', 'open')
  expect(lag.seen('door')).toBeUndefined()
  aWhile()
  expect(lag.seen('door')).toBe('open')
  lag.put('door', 'shut')
  expect(lag.seen('door')).toBe('open')
  aWhile()
  expect(lag.seen('door')).toBe('shut')
})

test('an IAM that lags decides by the policies it has heard of, and answers by those that are there', () => {
  const iam = startIam({ account, events: eventStream(Date.now), now: Date.now, lag: LAG })
  const allows = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } as const
  const document = { Version: '2012-10-17', Statement: allows }
  const trusts = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } as const
  const Say = iam.createRole({ name: 'Say', trust: { Version: '2012-10-17', Statement: trusts } })
  const session: Principal = {
    kind: 'role-session',
    arn: 'arn:aws:sts::123456789012:assumed-role/Say/1',
    accountId: account.accountId,
    roleArn: Say.arn,
    userId: `${Say.id}:1`,
  }
  const asked = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:123456789012:Room' }
  iam.putInlinePolicy(Say, 'Sends', document)
  expect(iam.authorize(session, asked).allowed).toBe(false)
  expect(iam.decide(session, asked).allowed).toBe(true)
  expect(iam.authorize(iam.learner, asked).allowed).toBe(true)
  aWhile()
  expect(iam.authorize(session, asked).allowed).toBe(true)

  iam.deleteInlinePolicy(Say, 'Sends')
  expect(iam.authorize(session, asked).allowed).toBe(true)
  aWhile()
  expect(iam.authorize(session, asked).allowed).toBe(false)
})
