import { expect, test } from 'vitest'
import { denialText } from './denial.ts'
import type { Decision, PolicyKind } from './policy.ts'
import type { Principal } from './principal.ts'

const session: Principal = {
  kind: 'role-session',
  arn: 'arn:aws:sts::123456789012:assumed-role/Say/Say-function',
  accountId: '123456789012',
  roleArn: 'arn:aws:iam::123456789012:role/chat/Say',
  userId: 'AROAEXAMPLE:Say-function',
}
const access = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:us-east-1:123456789012:table/Room' }
const no = (deny: 'explicit' | 'implicit', kind: PolicyKind): Decision => ({ allowed: false, deny, kind })

test('a denial is the whole sentence, with the session’s ARN, which has no path (J1, J11)', () => {
  expect(denialText(session, access, no('implicit', 'identity-based'))).toBe(
    'User: arn:aws:sts::123456789012:assumed-role/Say/Say-function is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/Room because no identity-based policy allows the dynamodb:PutItem action',
  )
})

const endings: readonly (readonly [Decision, string])[] = [
  [no('implicit', 'identity-based'), 'because no identity-based policy allows the dynamodb:PutItem action'],
  [no('implicit', 'resource-based'), 'because no resource-based policy allows the dynamodb:PutItem action'],
  [
    no('implicit', 'permissions boundary'),
    'because no permissions boundary allows the dynamodb:PutItem action',
  ],
  [no('implicit', 'session'), 'because no session policy allows the dynamodb:PutItem action'],
  [no('explicit', 'identity-based'), 'with an explicit deny in an identity-based policy'],
  [no('explicit', 'resource-based'), 'with an explicit deny in a resource-based policy'],
  [no('explicit', 'permissions boundary'), 'with an explicit deny in a permissions boundary'],
  [no('explicit', 'session'), 'with an explicit deny in a session policy'],
]
for (const [decision, ending] of endings) {
  test(`a denial may end: ${ending} (J10)`, () => {
    expect(denialText(session, access, decision)).toMatch(new RegExp(`table/Room ${ending}$`))
  })
}

test('a service is named by its host name', () => {
  const text = denialText(
    { kind: 'service', service: 'sns.amazonaws.com' },
    access,
    no('implicit', 'resource-based'),
  )
  expect(text).toMatch(/^User: sns\.amazonaws\.com is not authorized/)
})
