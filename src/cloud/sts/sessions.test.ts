import { beforeEach, expect, test } from 'vitest'
import { defaultAccount as account } from '../account.ts'
import { eventStream } from '../events.ts'
import { type Iam, startIam } from '../iam/roles.ts'
import { startSts } from './sessions.ts'
import type { Sts } from './sts.ts'

let iam: Iam
let sts: Sts
let time = 0
beforeEach(() => {
  time = Date.parse('2026-11-21T05:00:00Z')
  iam = startIam({ account, events: eventStream(() => time), now: () => time })
  sts = startSts({ account, iam, now: () => time })
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  } as const
  iam.createRole({ name: 'Say', path: '/chat/', trust: { Version: '2012-10-17', Statement } })
})

const roleArn = 'arn:aws:iam::123456789012:role/chat/Say'

test('a session has keys of the shape that SDKs know, and an ARN without the role’s path (J11)', () => {
  const { principal, ...keys } = sts.issue(roleArn, 'Say-function')
  expect(keys).toEqual({
    accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
    sessionToken: expect.stringMatching(/^[\w+/]{340}$/),
    expiration: new Date('2026-11-21T17:00:00Z'),
  })
  expect(principal).toEqual({
    kind: 'role-session',
    arn: 'arn:aws:sts::123456789012:assumed-role/Say/Say-function',
    accountId: '123456789012',
    roleArn,
    userId: `${iam.role('Say').id}:Say-function`,
  })
  const { secretAccessKey, sessionToken, expiration } = keys
  const found = { secret: secretAccessKey, sessionToken, principal, expires: expiration.getTime() }
  expect(sts.find(keys.accessKeyId)).toEqual(found)
})

test('every session has keys of its own', () => {
  const [one, other] = [sts.issue(roleArn, 's'), sts.issue(roleArn, 's')]
  expect(one.accessKeyId).not.toBe(other.accessKeyId)
  expect(one.secretAccessKey).not.toBe(other.secretAccessKey)
})

test('the learner’s keys have no token and no end', () => {
  expect(sts.learner.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
  expect(sts.find(sts.learner.accessKeyId)).toEqual({
    secret: sts.learner.secretAccessKey,
    principal: iam.learner,
  })
})

test('a key that nobody issued is not found', () => {
  expect(sts.find('ASIANOBODY')).toBeUndefined()
})

test('a role that is not there has no sessions', () => {
  expect(() => sts.issue('arn:aws:iam::123456789012:role/None', 's')).toThrow(
    'The role with name None cannot be found.',
  )
})

test('a session ends with its role', () => {
  const { accessKeyId } = sts.issue(roleArn, 's')
  const { trust } = iam.role('Say')
  iam.deleteRole('Say')
  expect(sts.find(accessKeyId)).toBeUndefined()
  iam.createRole({ name: 'Say', path: '/chat/', trust })
  expect(sts.find(accessKeyId)).toBeUndefined()
})

test('a session just over is still known, so that it can be called expired; one long over is forgotten', () => {
  const { accessKeyId } = sts.issue(roleArn, 's', { seconds: 900 })
  time += 3_600_000
  sts.issue(roleArn, 'next')
  expect(sts.find(accessKeyId)?.expires).toBe(Date.parse('2026-11-21T05:15:00Z'))
  time += 3_600_000
  sts.issue(roleArn, 'later')
  expect(sts.find(accessKeyId)).toBeUndefined()
})
