import { expect, test } from 'vitest'
import { defaultAccount as account } from '../account.ts'
import { eventStream } from '../events.ts'
import type { Principal } from '../iam/principal.ts'
import { startIam } from '../iam/roles.ts'

import { sessionTagsOf, type TagInput, tagContext } from './session-tags.ts'
import { startSts } from './sessions.ts'

const iam = startIam({ account, events: eventStream(() => 0), now: () => 0 })
const sts = startSts({ account, iam, now: () => 0 })
const Version = '2012-10-17'
const trust = (...Action: string[]) => ({
  Version,
  Statement: [{ Effect: 'Allow' as const, Principal: { AWS: account.accountId }, Action }],
})
const everything = { Version, Statement: { Effect: 'Allow' as const, Action: '*', Resource: '*' } }
const inline = [{ name: 'all', document: everything }]
const tagged = iam.createRole({
  name: 'Tagged',
  trust: trust('sts:AssumeRole', 'sts:TagSession'),
  inline,
  tags: { Team: 'of the role', kept: 'x' },
})
const untagged = iam.createRole({ name: 'Untagged', trust: trust('sts:AssumeRole') })

const assumeRole = sts.service.operations.find(({ name }) => name === 'AssumeRole')!
const input = (RoleArn: string, more: TagInput) => ({ RoleArn, RoleSessionName: 'walk', ...more })
const mayAssume = (RoleArn: string, more: TagInput, principal: Principal = iam.learner) =>
  assumeRole
    .access(input(RoleArn, more), { principal } as never)
    .map(access => [access.action, iam.decide(principal, access).allowed])
const session = (RoleArn: string, more: TagInput, principal: Principal = iam.learner): Principal => {
  const answer = assumeRole.run(input(RoleArn, more), { principal } as never) as any
  return sts.find(answer.Credentials.AccessKeyId)!.principal
}
const team = { Tags: [{ Key: 'team', Value: 'chat' }] }

test('passing tags takes sts:TagSession in the trust policy, and none without tags', () => {
  expect(mayAssume(tagged.arn, {})).toEqual([['sts:AssumeRole', true]])
  expect(mayAssume(tagged.arn, team)).toEqual([
    ['sts:AssumeRole', true],
    ['sts:TagSession', true],
  ])
  expect(mayAssume(untagged.arn, team)).toEqual([
    ['sts:AssumeRole', true],
    ['sts:TagSession', false],
  ])
})

test('the tags are what the caller asks for, and then what the session is', () => {
  const { tags, transitive } = sessionTagsOf({ ...team, TransitiveTagKeys: ['TEAM'] }, iam.learner)
  expect(tagContext({ tags, transitive })).toEqual({
    'aws:RequestTag/team': 'chat',
    'aws:TagKeys': ['team'],
    'sts:TransitiveTagKeys': ['team'],
  })
  const principal = session(tagged.arn, team)
  const ask = (key: string, value: string) =>
    iam.decide(principal, {
      action: 'sqs:SendMessage',
      resource: 'arn:aws:sqs:us-east-1:123456789012:q',
      resourcePolicy: {
        Version,
        Statement: {
          Effect: 'Deny',
          Principal: '*',
          Action: '*',
          Resource: '*',
          Condition: { StringNotEquals: { [`aws:PrincipalTag/${key}`]: value } },
        },
      },
    }).allowed
  expect([ask('team', 'chat'), ask('team', 'of the role'), ask('kept', 'x')]).toEqual([true, false, true])
})

test('a transitive tag goes on to the next session, and cannot be set again', () => {
  const first = session(tagged.arn, { ...team, TransitiveTagKeys: ['team'] })

  expect(session(tagged.arn, {}, first)).toMatchObject({
    sessionTags: { tags: { team: 'chat' }, transitive: ['team'] },
  })
  for (const Key of ['team', 'TEAM']) {
    expect(() => session(tagged.arn, { Tags: [{ Key, Value: 'other' }] }, first)).toThrow(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
  expect(session(tagged.arn, {}, session(tagged.arn, team))).not.toHaveProperty('sessionTags')
})

const many = Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: 'v' }))
test.each<[string, string, TagInput]>([
  [
    'InvalidParameterValue',
    'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    {
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'A', Value: '2' },
      ],
    },
  ],
  [
    'InvalidParameterValue',
    'The specified transitive tag key must be included in the requested tags.',
    { ...team, TransitiveTagKeys: ['room'] },
  ],
  ['InvalidParameterValue', 'reserved for system use', { Tags: [{ Key: 'aws:x', Value: '1' }] }],
  ['ValidationError', 'length greater than or equal to 1', { Tags: [{ Key: '', Value: '1' }] }],
  ['ValidationError', 'length less than or equal to 50', { Tags: many }],
  ['ValidationError', 'length less than or equal to 128', { Tags: [{ Key: 'k'.repeat(129), Value: '1' }] }],
  ['ValidationError', 'length less than or equal to 256', { Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] }],
])('%s: %s', (code, words, tags) => {
  expect(() => sessionTagsOf(tags, iam.learner)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(words) }),
  )
})
