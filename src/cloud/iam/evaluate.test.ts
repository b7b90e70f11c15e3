// A table, and as long as it must be: what IAM answers, a row for each rule of its evaluation.
import { expect, test } from 'vitest'
import { evaluate, type Policies } from './evaluate.ts'
import type { PolicyDocument, PolicyKind, Statement } from './policy.ts'
import type { Principal } from './principal.ts'
import type { Context } from './variables.ts'

const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/Room'
const queue = 'arn:aws:sqs:us-east-1:123456789012:Jobs'
const lambda = 'arn:aws:lambda:us-east-1:123456789012:function:Say'
const roleArn = 'arn:aws:iam::123456789012:role/chat/Say'
const root = 'arn:aws:iam::123456789012:root'

const session: Principal = {
  kind: 'role-session',
  arn: 'arn:aws:sts::123456789012:assumed-role/Say/Say-function',
  accountId: '123456789012',
  roleArn,
  userId: 'AROAEXAMPLE:Say-function',
}
const user: Principal = {
  kind: 'user',
  arn: 'arn:aws:iam::123456789012:user/ana',
  accountId: '123456789012',
  userId: 'AIDAEXAMPLE',
}
const stranger: Principal = { ...user, arn: 'arn:aws:iam::210987654321:user/eve', accountId: '210987654321' }
const gateway: Principal = { kind: 'service', service: 'apigateway.amazonaws.com' }

type Expected = 'allowed' | `${'explicit' | 'implicit'} ${PolicyKind}`
const [yes, noIdentity, denied, noResource, deniedByResource]: Expected[] = [
  'allowed',
  'implicit identity-based',
  'explicit identity-based',
  'implicit resource-based',
  'explicit resource-based',
]

interface Asked {
  readonly principal?: Principal
  readonly action?: string
  readonly resource?: string
  readonly context?: Context
  readonly accountId?: string
}
type Row = readonly [name: string, expected: Expected | undefined, policies: Partial<Policies>, asked?: Asked]

const doc = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const old = (...Statement: Statement[]): PolicyDocument => ({ Version: '2008-10-17', Statement })
const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: '*',
  Resource: '*',
  ...more,
})
const deny = (more: Partial<Statement> = {}): Statement => ({ ...allow(more), Effect: 'Deny' })
/** To somebody: a statement whose Action or Resource is given by its negation has not the other one as well. */
const only = (statement: Partial<Statement>): Statement => ({ Effect: 'Allow', ...statement })

const rows: Row[] = [
  // Allow, deny, and nothing said.
  ['nobody has said anything: no', noIdentity, {}],
  ['an Allow of everything allows', yes, { identity: [doc(allow())] }],
  ['a Deny beats an Allow in the same policy', denied, { identity: [doc(allow(), deny())] }],
  ['a Deny beats an Allow whatever the order', denied, { identity: [doc(deny(), allow())] }],
  ['a Deny in another policy beats an Allow', denied, { identity: [doc(allow()), doc(deny())] }],
  ['a Deny of something else denies nothing', yes, { identity: [doc(allow(), deny({ Action: 's3:*' }))] }],
  ['a Deny alone is explicit', denied, { identity: [doc(deny())] }],
  [
    'one Allow among many policies is enough',
    yes,
    { identity: [doc(allow({ Action: 's3:*' })), doc(allow())] },
  ],
  ['a lone statement needs no list', yes, { identity: [{ Version: '2012-10-17', Statement: allow() }] }],
  ['an empty list of statements says nothing', noIdentity, { identity: [doc()] }],

  // Actions.
  ['an action is allowed by its name', yes, { identity: [doc(allow({ Action: 'dynamodb:PutItem' }))] }],
  ['another action is not', noIdentity, { identity: [doc(allow({ Action: 'dynamodb:GetItem' }))] }],
  ['case does not matter in actions', yes, { identity: [doc(allow({ Action: 'DynamoDB:putitem' }))] }],
  [
    'nor in what is asked',
    yes,
    { identity: [doc(allow({ Action: 'sqs:SendMessage' }))] },
    { action: 'sqs:sendmessage' },
  ],
  [
    'any of a list of actions will do',
    yes,
    { identity: [doc(allow({ Action: ['s3:GetObject', 'dynamodb:PutItem'] }))] },
  ],
  ['a star in an action', yes, { identity: [doc(allow({ Action: 'dynamodb:Put*' }))] }],
  ['a star may stand for nothing', yes, { identity: [doc(allow({ Action: 'dynamodb:PutItem*' }))] }],
  ['a star in the middle', yes, { identity: [doc(allow({ Action: 'dynamodb:*Item' }))] }],
  ['several stars', yes, { identity: [doc(allow({ Action: '*:P*I*m' }))] }],
  [
    'a star does not match what is missing',
    noIdentity,
    { identity: [doc(allow({ Action: 'dynamodb:*Table' }))] },
  ],
  ['a question mark is one character', yes, { identity: [doc(allow({ Action: 'dynamodb:???Item' }))] }],
  ['a question mark is not none', noIdentity, { identity: [doc(allow({ Action: 'dynamodb:PutItem?' }))] }],
  ['a whole service', yes, { identity: [doc(allow({ Action: 'dynamodb:*' }))] }],
  ['another service', noIdentity, { identity: [doc(allow({ Action: 'dynamo:*' }))] }],
  ['an action is matched as a whole', noIdentity, { identity: [doc(allow({ Action: 'dynamodb:Put' }))] }],
  ['a dot is only a dot', noIdentity, { identity: [doc(allow({ Action: 'dynamodb.PutItem' }))] }],
  [
    'NotAction allows what it does not name',
    yes,
    { identity: [doc(only({ NotAction: 's3:*', Resource: '*' }))] },
  ],
  [
    'NotAction does not allow what it names',
    noIdentity,
    { identity: [doc(only({ NotAction: 'dynamodb:*', Resource: '*' }))] },
  ],
  [
    'NotAction with a list',
    noIdentity,
    { identity: [doc(only({ NotAction: ['s3:*', 'dynamodb:Put*'], Resource: '*' }))] },
  ],
  [
    'NotAction does not look at case',
    noIdentity,
    { identity: [doc(only({ NotAction: 'DYNAMODB:*', Resource: '*' }))] },
  ],
  [
    'Deny with NotAction denies the rest',
    denied,
    { identity: [doc(allow(), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' })] },
  ],
  [
    'Deny with NotAction spares what it names',
    yes,
    { identity: [doc(allow(), { Effect: 'Deny', NotAction: 'dynamodb:*', Resource: '*' })] },
  ],

  // Resources.
  ['a resource by its ARN', yes, { identity: [doc(allow({ Resource: table }))] }],
  ['another resource is not meant', noIdentity, { identity: [doc(allow({ Resource: queue }))] }],
  [
    'a table is not its index',
    noIdentity,
    { identity: [doc(allow({ Resource: table }))] },
    { resource: `${table}/index/byRoom` },
  ],
  [
    'an index by a star',
    yes,
    { identity: [doc(allow({ Resource: `${table}/index/*` }))] },
    { resource: `${table}/index/byRoom` },
  ],
  [
    'a star after a slash does not mean the table itself',
    noIdentity,
    { identity: [doc(allow({ Resource: `${table}/*` }))] },
  ],
  ['case matters in resources', noIdentity, { identity: [doc(allow({ Resource: table.toLowerCase() }))] }],
  ['any of a list of resources', yes, { identity: [doc(allow({ Resource: [queue, table] }))] }],
  ['a star in a resource', yes, { identity: [doc(allow({ Resource: 'arn:aws:dynamodb:*:*:table/R*' }))] }],
  [
    'a star at the end stands for all further parts',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:dynamodb:*' }))] },
  ],
  [
    'a question mark in a resource',
    yes,
    { identity: [doc(allow({ Resource: table.replace('Room', 'Roo?') }))] },
  ],
  [
    'another account in the resource',
    noIdentity,
    { identity: [doc(allow({ Resource: table.replace('123456789012', '210987654321') }))] },
  ],
  [
    'the callback of a stage (E13)',
    yes,
    {
      identity: [
        doc(allow({ Resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/@connections/*' })),
      ],
    },
    {
      action: 'execute-api:ManageConnections',
      resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/@connections/L0S=',
    },
  ],
  [
    '@connections without a star does not reach a connection (E13)',
    noIdentity,
    {
      identity: [
        doc(allow({ Resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/@connections' })),
      ],
    },
    {
      action: 'execute-api:ManageConnections',
      resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/POST/@connections/L0S=',
    },
  ],
  [
    'leave to post is not leave to close (I7)',
    noIdentity,
    {
      identity: [
        doc(allow({ Resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/*/POST/@connections/*' })),
      ],
    },
    {
      action: 'execute-api:ManageConnections',
      resource: 'arn:aws:execute-api:us-east-1:123456789012:abc/prod/DELETE/@connections/L0S=',
    },
  ],
  [
    'an action without a resource matches only a star',
    noIdentity,
    { identity: [doc(allow({ Resource: table }))] },
    { resource: '*' },
  ],
  ['a star matches an action without a resource', yes, { identity: [doc(allow())] }, { resource: '*' }],
  ['NotResource allows the others', yes, { identity: [doc(only({ Action: '*', NotResource: queue }))] }],
  [
    'NotResource does not allow the one it names',
    noIdentity,
    { identity: [doc(only({ Action: '*', NotResource: table }))] },
  ],
  [
    'Deny with NotResource denies the rest',
    denied,
    { identity: [doc(allow(), { Effect: 'Deny', Action: '*', NotResource: queue })] },
  ],
  [
    'Deny with NotResource spares the one it names',
    yes,
    { identity: [doc(allow(), { Effect: 'Deny', Action: '*', NotResource: table })] },
  ],
  [
    'action and resource must come together in one statement',
    noIdentity,
    {
      identity: [
        doc(
          allow({ Action: 'dynamodb:PutItem', Resource: queue }),
          allow({ Action: 'sqs:*', Resource: table }),
        ),
      ],
    },
  ],

  [
    'NotResource with a list',
    noIdentity,
    { identity: [doc(only({ Action: '*', NotResource: [queue, table] }))] },
  ],
  [
    'a star in the middle of a resource may reach past a colon',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:dynamodb:*/Room' }))] },
  ],

  // Policy variables.
  [
    'a variable in a resource',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::home/${aws:username}/*' }))] },
    { resource: 'arn:aws:s3:::home/ana/x', context: { 'aws:username': 'ana' } },
  ],
  [
    'a variable with another value',
    noIdentity,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::home/${aws:username}/*' }))] },
    { resource: 'arn:aws:s3:::home/ben/x', context: { 'aws:username': 'ana' } },
  ],
  [
    'case does not matter in the name of a variable',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::home/${AWS:UserName}/*' }))] },
    { resource: 'arn:aws:s3:::home/ana/x', context: { 'aws:username': 'ana' } },
  ],
  [
    'a variable without a value matches nothing',
    noIdentity,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::home/${aws:username}*' }))] },
    { resource: 'arn:aws:s3:::home/' },
  ],
  [
    'a Deny over a variable without a value denies nothing',
    yes,
    { identity: [doc(allow(), deny({ Resource: '${aws:username}*' }))] },
  ],
  [
    'an Allow with NotResource over a variable without a value allows nothing',
    noIdentity,
    { identity: [doc(only({ Action: '*', NotResource: 'arn:aws:s3:::${aws:username}' }))] },
  ],
  [
    'a Deny with NotResource over a variable without a value denies everything',
    denied,
    {
      identity: [doc(allow(), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::${aws:username}' })],
    },
  ],
  [
    'a variable falls back on its default',
    yes,
    { identity: [doc(allow({ Resource: "arn:aws:s3:::home/${aws:username, 'anybody'}" }))] },
    { resource: 'arn:aws:s3:::home/anybody' },
  ],
  [
    'a value goes before the default',
    noIdentity,
    { identity: [doc(allow({ Resource: "arn:aws:s3:::home/${aws:username, 'anybody'}" }))] },
    { resource: 'arn:aws:s3:::home/anybody', context: { 'aws:username': 'ana' } },
  ],
  [
    'a default may be empty',
    yes,
    { identity: [doc(allow({ Resource: "arn:aws:s3:::home/${aws:username, ''}x" }))] },
    { resource: 'arn:aws:s3:::home/x' },
  ],
  [
    'two variables',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::${aws:PrincipalAccount}/${aws:username}' }))] },
    {
      resource: 'arn:aws:s3:::123456789012/ana',
      context: { 'aws:username': 'ana', 'aws:PrincipalAccount': '123456789012' },
    },
  ],
  [
    'a star in a value is no wildcard',
    noIdentity,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::home/${aws:username}' }))] },
    { resource: 'arn:aws:s3:::home/ben', context: { 'aws:username': '*' } },
  ],
  [
    'a star in a value is a star',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::home/${aws:username}' }))] },
    { resource: 'arn:aws:s3:::home/*', context: { 'aws:username': '*' } },
  ],
  [
    'a key with several values is no variable',
    noIdentity,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::${aws:TagKeys}' }))] },
    { resource: 'arn:aws:s3:::a', context: { 'aws:TagKeys': ['a', 'b'] } },
  ],
  [
    '${*} is a star',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::a${*}b' }))] },
    { resource: 'arn:aws:s3:::a*b' },
  ],
  [
    '${*} is no wildcard',
    noIdentity,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::a${*}b' }))] },
    { resource: 'arn:aws:s3:::axb' },
  ],
  [
    '${?} is a question mark',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::a${?}b' }))] },
    { resource: 'arn:aws:s3:::a?b' },
  ],
  [
    '${?} is no wildcard',
    noIdentity,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::a${?}b' }))] },
    { resource: 'arn:aws:s3:::axb' },
  ],
  [
    '${$} is a dollar sign',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::${$}{aws:username}' }))] },
    { resource: 'arn:aws:s3:::${aws:username}', context: { 'aws:username': 'ana' } },
  ],
  [
    'version 2008-10-17 has no variables',
    noIdentity,
    { identity: [old(allow({ Resource: 'arn:aws:s3:::${aws:username}' }))] },
    { resource: 'arn:aws:s3:::ana', context: { 'aws:username': 'ana' } },
  ],
  [
    'there the text stands for itself',
    yes,
    { identity: [old(allow({ Resource: 'arn:aws:s3:::${aws:username}' }))] },
    { resource: 'arn:aws:s3:::${aws:username}', context: { 'aws:username': 'ana' } },
  ],
  [
    'a policy without a version has no variables',
    noIdentity,
    { identity: [{ Statement: allow({ Resource: '${aws:username}' }) }] },
    { resource: 'ana', context: { 'aws:username': 'ana' } },
  ],
  [
    'a variable in a condition',
    yes,
    {
      identity: [doc(allow({ Condition: { StringEquals: { 'dynamodb:LeadingKeys': '${aws:username}' } } }))],
    },
    { context: { 'aws:username': 'ana', 'dynamodb:LeadingKeys': 'ana' } },
  ],
  [
    'a variable in a condition, another value',
    noIdentity,
    {
      identity: [doc(allow({ Condition: { StringEquals: { 'dynamodb:LeadingKeys': '${aws:username}' } } }))],
    },
    { context: { 'aws:username': 'ana', 'dynamodb:LeadingKeys': 'ben' } },
  ],
  [
    'a variable in a condition without a value',
    noIdentity,
    { identity: [doc(allow({ Condition: { StringEquals: { k: '${aws:username}' } } }))] },
    { context: { k: '${aws:username}' } },
  ],

  [
    'a variable in a condition without a value is not the empty text',
    noIdentity,
    { identity: [doc(allow({ Condition: { StringEquals: { k: '${aws:username}' } } }))] },
    { context: { k: '' } },
  ],
  [
    'a key with one value in a list is a variable',
    yes,
    { identity: [doc(allow({ Resource: 'arn:aws:s3:::${aws:TagKeys}' }))] },
    { resource: 'arn:aws:s3:::a', context: { 'aws:TagKeys': ['a'] } },
  ],

  // Conditions come together.
  [
    'every operator must hold',
    noIdentity,
    { identity: [doc(allow({ Condition: { StringEquals: { k: 'a' }, Bool: { b: 'true' } } }))] },
    { context: { k: 'a', b: 'false' } },
  ],
  [
    'every operator holds',
    yes,
    { identity: [doc(allow({ Condition: { StringEquals: { k: 'a' }, Bool: { b: 'true' } } }))] },
    { context: { k: 'a', b: 'true' } },
  ],
  [
    'every key must hold',
    noIdentity,
    { identity: [doc(allow({ Condition: { StringEquals: { k: 'a', l: 'b' } } }))] },
    { context: { k: 'a', l: 'c' } },
  ],
  [
    'any value will do',
    yes,
    { identity: [doc(allow({ Condition: { StringEquals: { k: ['a', 'b'] } } }))] },
    { context: { k: 'b' } },
  ],
  [
    'a condition that fails lifts a Deny',
    yes,
    { identity: [doc(allow(), deny({ Condition: { Bool: { b: 'true' } } }))] },
    { context: { b: 'false' } },
  ],
  [
    'a condition that holds leaves it',
    denied,
    { identity: [doc(allow(), deny({ Condition: { Bool: { b: 'true' } } }))] },
    { context: { b: 'true' } },
  ],
  [
    'case does not matter in keys',
    yes,
    { identity: [doc(allow({ Condition: { StringEquals: { 'AWS:UserName': 'ana' } } }))] },
    { context: { 'aws:username': 'ana' } },
  ],
  ['an empty Condition holds', yes, { identity: [doc(allow({ Condition: {} }))] }],

  // The same Condition in a resource's policy, boundaries and sessions is covered with those below.
  ...conditions('StringEquals', [
    ['a', 'a', true],
    ['a', 'A', false],
    ['a*', 'abc', false],
    ['a*', 'a*', true],
    ['', '', true],
    [undefined, 'a', false],
    ['a', ['b', 'a'], true],
  ]),
  ...conditions('StringNotEquals', [
    ['a', 'a', false],
    ['a', 'A', true],
    ['a', 'b', true],
    [undefined, 'a', true],
    ['a', ['b', 'a'], false],
    ['c', ['b', 'a'], true],
  ]),
  ...conditions('StringEqualsIgnoreCase', [
    ['a', 'A', true],
    ['a', 'b', false],
    [undefined, 'a', false],
  ]),
  ...conditions('StringNotEqualsIgnoreCase', [
    ['a', 'A', false],
    ['a', 'b', true],
    [undefined, 'a', true],
  ]),
  ...conditions('StringLike', [
    ['abc', 'a*', true],
    ['abc', 'A*', false],
    ['abc', 'a?c', true],
    ['abc', 'a?', false],
    ['a*c', 'a${*}c', true],
    ['abc', 'a${*}c', false],
    ['', '*', true],
    [undefined, '*', false],
    ['a/b:c', '*', true],
    ['xay', ['b*', '*a*'], true],
    ['a😀c', 'a?c', true],
    ['a😀c', 'a??c', false],
    ['a😀c', '*😀*', true],
  ]),
  ...conditions('StringNotLike', [
    ['abc', 'a*', false],
    ['abc', 'b*', true],
    [undefined, '*', true],
    ['abc', ['x*', 'a*'], false],
  ]),
  ...conditions('NumericEquals', [
    ['10', '10', true],
    ['10.0', '10', true],
    ['11', '10', false],
    ['x', '10', false],
    ['10', 'x', false],
    [undefined, '10', false],
  ]),
  ...conditions('NumericNotEquals', [
    ['10', '10', false],
    ['11', '10', true],
    [undefined, '10', true],
  ]),
  ...conditions('NumericLessThan', [
    ['9', '10', true],
    ['10', '10', false],
    ['11', '10', false],
    [undefined, '10', false],
  ]),
  ...conditions('NumericLessThanEquals', [
    ['9', '10', true],
    ['10', '10', true],
    ['11', '10', false],
  ]),
  ...conditions('NumericGreaterThan', [
    ['11', '10', true],
    ['10', '10', false],
    ['9', '10', false],
    ['-1', '-2', true],
  ]),
  ...conditions('NumericGreaterThanEquals', [
    ['11', '10', true],
    ['10', '10', true],
    ['9.99', '10', false],
  ]),
  ...conditions('DateEquals', [
    ['2026-11-21T05:00:00Z', '2026-11-21T05:00:00Z', true],
    ['2026-11-21T06:00:00+01:00', '2026-11-21T05:00:00Z', true],
    ['1795237200', '2026-11-21T05:00:00Z', true],
    ['2026-11-21T05:00:01Z', '2026-11-21T05:00:00Z', false],
    [undefined, '2026-11-21', false],
    ['soon', '2026-11-21', false],
  ]),
  ...conditions('DateNotEquals', [
    ['2026-11-21', '2026-11-21', false],
    ['2026-11-22', '2026-11-21', true],
    [undefined, '2026-11-21', true],
  ]),
  ...conditions('DateLessThan', [
    ['2026-11-20', '2026-11-21', true],
    ['2026-11-21', '2026-11-21', false],
  ]),
  ...conditions('DateLessThanEquals', [
    ['2026-11-21', '2026-11-21', true],
    ['2026-11-22', '2026-11-21', false],
  ]),
  ...conditions('DateGreaterThan', [
    ['2026-11-22', '2026-11-21', true],
    ['2026-11-21', '2026-11-21', false],
  ]),
  ...conditions('DateGreaterThanEquals', [
    ['2026-11-21', '2026-11-21', true],
    ['2026-11-20', '2026-11-21', false],
  ]),
  ...conditions('Bool', [
    ['true', 'true', true],
    ['True', 'true', true],
    ['false', 'true', false],
    ['false', 'false', true],
    [undefined, 'false', false],
    [undefined, 'true', false],
  ]),
  ...conditions('BinaryEquals', [
    ['QmluYXJ5', 'QmluYXJ5', true],
    ['QmluYXJ5', 'QmluYXJ6', false],
    [undefined, 'QmluYXJ5', false],
  ]),
  ...conditions('IpAddress', [
    ['203.0.113.9', '203.0.113.0/24', true],
    ['203.0.114.9', '203.0.113.0/24', false],
    ['203.0.113.9', '203.0.113.9', true],
    ['203.0.113.9', '0.0.0.0/0', true],
    ['203.0.113.9', '::/0', false],
    ['2001:db8:1::7', '2001:DB8:1::/48', true],
    ['2001:db8:2::7', '2001:db8:1::/48', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['somewhere', '0.0.0.0/0', false],
    ['203.0.113.9', '203.0.113.0/33', false],
    ['203.0.113.9', '203.0.113.0/x', false],
    ['203.0.113.9', '203.0.113.0/-1', false],
    ['203.0.113.9', 'anywhere', false],
    ['::1', '::/129', false],
    [undefined, '0.0.0.0/0', false],
    ['198.51.100.1', ['203.0.113.0/24', '198.51.100.0/25'], true],
  ]),
  ...conditions('NotIpAddress', [
    ['203.0.113.9', '203.0.113.0/24', false],
    ['203.0.114.9', '203.0.113.0/24', true],
    [undefined, '0.0.0.0/0', true],
  ]),
  ...(['ArnEquals', 'ArnLike'] as const).flatMap(operator =>
    conditions(operator, [
      [lambda, lambda, true],
      [lambda, 'arn:aws:lambda:*:123456789012:function:*', true],
      [lambda, 'arn:aws:lambda:us-east-1:*:function:S?y', true],
      [lambda, 'arn:aws:lambda:*:function:Say', false],
      [lambda, '*', false],
      [lambda, 'arn:aws:lambda:us-east-1:123456789012:function:say', false],
      [
        'arn:aws:execute-api:us-east-1:123456789012:abc/prod/$connect',
        'arn:aws:execute-api:us-east-1:123456789012:abc/*/$connect',
        true,
      ],
      [
        'arn:aws:execute-api:us-east-1:123456789012:abc/prod/$connect',
        'arn:aws:execute-api:us-east-1:123456789012:xyz/*',
        false,
      ],
      ['Say', 'Say', false],
      [undefined, lambda, false],
    ]),
  ),
  ...(['ArnNotEquals', 'ArnNotLike'] as const).flatMap(operator =>
    conditions(operator, [
      [lambda, lambda, false],
      [lambda, queue, true],
      [lambda, 'arn:aws:lambda:*:*:*', false],
      [undefined, lambda, true],
    ]),
  ),
  ...conditions('Null', [
    [undefined, 'true', true],
    ['a', 'true', false],
    [undefined, 'false', false],
    ['a', 'false', true],
    [[], 'true', true],
  ]),
  ...conditions('StringEqualsIfExists', [
    [undefined, 'a', true],
    ['a', 'a', true],
    ['b', 'a', false],
  ]),
  ...conditions('StringNotEqualsIfExists', [
    [undefined, 'a', true],
    ['a', 'a', false],
    ['b', 'a', true],
  ]),
  ...conditions('NumericLessThanIfExists', [
    [undefined, '10', true],
    ['9', '10', true],
    ['10', '10', false],
  ]),
  ...conditions('BoolIfExists', [
    [undefined, 'false', true],
    ['true', 'false', false],
  ]),
  ...conditions('IpAddressIfExists', [
    [undefined, '10.0.0.0/8', true],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
  ]),
  ...conditions('ArnLikeIfExists', [
    [undefined, lambda, true],
    [queue, lambda, false],
  ]),
  ...conditions('ForAllValues:StringEquals', [
    [['a', 'b'], ['a', 'b', 'c'], true],
    [['a', 'x'], ['a', 'b'], false],
    [[], 'a', true],
    [undefined, 'a', true],
    ['a', 'a', true],
    ['', 'a', true],
  ]),
  ...conditions('ForAllValues:StringLike', [
    [['ab', 'ac'], 'a*', true],
    [['ab', 'bc'], 'a*', false],
  ]),
  ...conditions('ForAllValues:StringNotEquals', [
    [['a', 'b'], 'c', true],
    [['a', 'c'], 'c', false],
    [undefined, 'c', true],
  ]),
  ...conditions('ForAllValues:StringEqualsIfExists', [
    [undefined, 'a', true],
    [['b'], 'a', false],
  ]),
  ...conditions('ForAnyValue:StringEquals', [
    [['a', 'x'], ['a', 'b'], true],
    [['x', 'y'], ['a', 'b'], false],
    [[], 'a', false],
    [undefined, 'a', false],
    ['a', 'a', true],
  ]),
  ...conditions('ForAnyValue:StringLike', [
    [['xb', 'ac'], 'a*', true],
    [['xb'], 'a*', false],
  ]),
  ...conditions('ForAnyValue:StringNotEquals', [
    [['a', 'b'], 'a', true],
    [['a'], 'a', false],
    [undefined, 'a', false],
  ]),
  ...conditions('ForAnyValue:StringEqualsIfExists', [
    [undefined, 'a', false],
    [['a'], 'a', true],
  ]),
  ...conditions('ForAnyValue:ArnLike', [
    [[queue, lambda], 'arn:aws:lambda:*:*:*', true],
    [[queue], 'arn:aws:lambda:*:*:*', false],
  ]),
  [
    'an operator that does not exist never holds',
    noIdentity,
    { identity: [doc(allow({ Condition: { StringIs: { k: 'a' } } }))] },
    { context: { k: 'a' } },
  ],
  [
    'the name of an object’s own method is no operator',
    noIdentity,
    { identity: [doc(allow({ Condition: { toString: { k: 'a' } } }))] },
    { context: { k: 'a' } },
  ],
  [
    'a bare boolean in a policy',
    yes,
    { identity: [doc(allow({ Condition: { Bool: { b: true as unknown as string } } }))] },
    { context: { b: 'true' } },
  ],
  [
    'a bare number in a policy',
    yes,
    { identity: [doc(allow({ Condition: { NumericLessThan: { n: 10 as unknown as string } } }))] },
    { context: { n: '9' } },
  ],

  // The policy of the resource, within one account.
  [
    'a resource’s policy naming the session allows',
    yes,
    { resource: doc(allow({ Principal: { AWS: session.arn } })) },
  ],
  ['naming the role allows', yes, { resource: doc(allow({ Principal: { AWS: roleArn } })) }],
  [
    'naming another role does not',
    noIdentity,
    { resource: doc(allow({ Principal: { AWS: 'arn:aws:iam::123456789012:role/Other' } })) },
  ],
  ['naming everybody allows', yes, { resource: doc(allow({ Principal: '*' })) }],
  ['naming everybody under AWS allows', yes, { resource: doc(allow({ Principal: { AWS: '*' } })) }],
  [
    'naming the account hands it on to IAM, which must allow too',
    noIdentity,
    { resource: doc(allow({ Principal: { AWS: root } })) },
  ],
  [
    'the account by its number is the same',
    noIdentity,
    { resource: doc(allow({ Principal: { AWS: '123456789012' } })) },
  ],
  [
    'naming the account and allowing the role allows',
    yes,
    { identity: [doc(allow())], resource: doc(allow({ Principal: { AWS: root } })) },
  ],
  [
    'the role’s own policy needs no leave of the resource’s',
    yes,
    { identity: [doc(allow())], resource: doc(allow({ Principal: { AWS: user.arn } })) },
  ],
  [
    'naming the user allows the user',
    yes,
    { resource: doc(allow({ Principal: { AWS: user.arn } })) },
    { principal: user },
  ],
  [
    'naming the user does not allow the role',
    noIdentity,
    { resource: doc(allow({ Principal: { AWS: user.arn } })) },
  ],
  ['one of a list of principals', yes, { resource: doc(allow({ Principal: { AWS: [user.arn, roleArn] } })) }],
  [
    'a wildcard within a principal is none',
    noIdentity,
    { resource: doc(allow({ Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } })) },
  ],
  [
    'naming a service does not allow a role',
    noIdentity,
    { resource: doc(allow({ Principal: { Service: 'lambda.amazonaws.com' } })) },
  ],
  ['a statement without a principal is about nobody', noIdentity, { resource: doc(allow()) }],
  [
    'a Deny for the role denies',
    deniedByResource,
    { identity: [doc(allow())], resource: doc(deny({ Principal: { AWS: roleArn } })) },
  ],
  [
    'a Deny for the session denies',
    deniedByResource,
    { identity: [doc(allow())], resource: doc(deny({ Principal: { AWS: session.arn } })) },
  ],
  [
    'a Deny for the account denies everybody in it',
    deniedByResource,
    { identity: [doc(allow())], resource: doc(deny({ Principal: { AWS: root } })) },
  ],
  [
    'a Deny for everybody denies',
    deniedByResource,
    { identity: [doc(allow())], resource: doc(deny({ Principal: '*' })) },
  ],
  [
    'a Deny for somebody else does not',
    yes,
    { identity: [doc(allow())], resource: doc(deny({ Principal: { AWS: user.arn } })) },
  ],
  [
    'a Deny with NotPrincipal denies the others',
    deniedByResource,
    { identity: [doc(allow())], resource: doc(deny({ NotPrincipal: { AWS: user.arn } })) },
  ],
  [
    'a Deny with NotPrincipal spares the one it names',
    yes,
    { identity: [doc(allow())], resource: doc(deny({ NotPrincipal: { AWS: roleArn } })) },
  ],
  [
    'but not one with a boundary, says the IAM guide',
    deniedByResource,
    {
      identity: [doc(allow())],
      boundary: doc(allow()),
      resource: doc(deny({ NotPrincipal: { AWS: roleArn } })),
    },
  ],
  [
    'an Allow with NotPrincipal allows the others',
    yes,
    { resource: doc(allow({ NotPrincipal: { AWS: user.arn } })) },
  ],
  [
    'an Allow with NotPrincipal does not allow the one it names',
    noIdentity,
    { resource: doc(allow({ NotPrincipal: { AWS: roleArn } })) },
  ],
  [
    'an Allow with NotPrincipal allows services too',
    yes,
    { resource: doc(allow({ NotPrincipal: { AWS: user.arn } })) },
    { principal: gateway },
  ],
  [
    'an Allow with NotPrincipal does not allow the service it names',
    noResource,
    { resource: doc(allow({ NotPrincipal: { Service: 'apigateway.amazonaws.com' } })) },
    { principal: gateway },
  ],
  [
    'everybody, named by NotPrincipal, is nobody who is left',
    noResource,
    { resource: doc(allow({ NotPrincipal: { AWS: '*' } })) },
    { principal: gateway },
  ],
  [
    'a Deny with NotPrincipal denies services too',
    deniedByResource,
    { resource: doc(allow({ Principal: '*' }), deny({ NotPrincipal: { AWS: user.arn } })) },
    { principal: gateway },
  ],
  [
    'a resource’s policy has conditions too',
    noIdentity,
    { resource: doc(allow({ Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': roleArn } } })) },
    { context: { 'aws:PrincipalArn': user.arn } },
  ],
  [
    'a condition on the role’s ARN',
    yes,
    { resource: doc(allow({ Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': roleArn } } })) },
    { context: { 'aws:PrincipalArn': roleArn } },
  ],

  [
    'the account among others',
    yes,
    {
      identity: [doc(allow())],
      resource: doc(deny({ Principal: { AWS: user.arn } }), allow({ Principal: { AWS: [user.arn, root] } })),
    },
  ],
  [
    'a Deny for the account among others',
    deniedByResource,
    { identity: [doc(allow())], resource: doc(deny({ Principal: { AWS: [user.arn, root] } })) },
  ],

  // Another account.
  [
    'from another account both must allow: only the resource’s does',
    noIdentity,
    { resource: doc(allow({ Principal: { AWS: stranger.arn } })) },
    { principal: stranger },
  ],
  [
    'from another account both must allow: only the caller’s does',
    noResource,
    { identity: [doc(allow())] },
    { principal: stranger },
  ],
  [
    'from another account both allow',
    yes,
    { identity: [doc(allow())], resource: doc(allow({ Principal: { AWS: stranger.arn } })) },
    { principal: stranger },
  ],
  [
    'leave to the account is leave to hand it on',
    yes,
    { identity: [doc(allow())], resource: doc(allow({ Principal: { AWS: '210987654321' } })) },
    { principal: stranger },
  ],
  [
    'our own account is not theirs',
    noResource,
    { identity: [doc(allow())], resource: doc(allow({ Principal: { AWS: root } })) },
    { principal: stranger },
  ],

  // Trust policies and KMS keys: the resource's policy must speak.
  [
    'leave of IAM alone lets nobody assume a role',
    noResource,
    {
      identity: [doc(allow())],
      resource: doc({ Effect: 'Allow', Principal: { AWS: roleArn }, Action: 'sts:AssumeRole' }),
    },
    { principal: user, action: 'sts:AssumeRole', resource: roleArn },
  ],
  [
    'a trust policy that names the user is enough',
    yes,
    { resource: doc({ Effect: 'Allow', Principal: { AWS: user.arn }, Action: 'sts:AssumeRole' }) },
    { principal: user, action: 'sts:AssumeRole', resource: roleArn },
  ],
  [
    'a trust policy that names the account leaves it to IAM',
    noIdentity,
    { resource: doc({ Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' }) },
    { principal: user, action: 'sts:AssumeRole', resource: roleArn },
  ],
  [
    'and IAM allows',
    yes,
    {
      identity: [doc(allow())],
      resource: doc({ Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' }),
    },
    { principal: user, action: 'sts:AssumeRole', resource: roleArn },
  ],
  [
    'a service may assume the role that trusts it',
    yes,
    {
      resource: doc({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    },
    {
      principal: { kind: 'service', service: 'lambda.amazonaws.com' },
      action: 'sts:AssumeRole',
      resource: roleArn,
    },
  ],
  [
    'a key without a policy serves nobody',
    noResource,
    { identity: [doc(allow())] },
    { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-east-1:123456789012:key/1' },
  ],

  // Services: a function's permissions (A12, H20).
  [
    'a service needs leave of the resource’s policy',
    noResource,
    {},
    { principal: gateway, action: 'lambda:InvokeFunction', resource: lambda },
  ],
  [
    'a service has it',
    yes,
    { resource: doc(allow({ Principal: { Service: 'apigateway.amazonaws.com' } })) },
    { principal: gateway, action: 'lambda:InvokeFunction', resource: lambda },
  ],
  [
    'another service has it',
    noResource,
    { resource: doc(allow({ Principal: { Service: 'sns.amazonaws.com' } })) },
    { principal: gateway, action: 'lambda:InvokeFunction', resource: lambda },
  ],
  [
    'for the right source',
    yes,
    permission('arn:aws:execute-api:us-east-1:123456789012:abc/*/$connect'),
    invocation('arn:aws:execute-api:us-east-1:123456789012:abc/prod/$connect'),
  ],
  [
    'for another route',
    noResource,
    permission('arn:aws:execute-api:us-east-1:123456789012:abc/*/$connect'),
    invocation('arn:aws:execute-api:us-east-1:123456789012:abc/prod/say'),
  ],
  [
    'for another API',
    noResource,
    permission('arn:aws:execute-api:us-east-1:123456789012:abc/*/$connect'),
    invocation('arn:aws:execute-api:us-east-1:123456789012:xyz/prod/$connect'),
  ],
  [
    'for a source that does not say who it is',
    noResource,
    permission('arn:aws:execute-api:us-east-1:123456789012:abc/*'),
    { ...invocation(''), context: {} },
  ],
  [
    'a service denied',
    deniedByResource,
    {
      resource: doc(allow({ Principal: '*' }), deny({ Principal: { Service: 'apigateway.amazonaws.com' } })),
    },
    { principal: gateway },
  ],
  ['everybody is also services', yes, { resource: doc(allow({ Principal: '*' })) }, { principal: gateway }],
  [
    'everybody under AWS is also services: what CDK calls AnyPrincipal',
    yes,
    { resource: doc(allow({ Principal: { AWS: '*' } })) },
    { principal: gateway },
  ],
  [
    'an ARN is no service',
    noResource,
    { resource: doc(allow({ Principal: { AWS: root } })) },
    { principal: gateway },
  ],

  // Boundaries.
  [
    'a boundary that allows takes nothing away',
    yes,
    { identity: [doc(allow())], boundary: doc(allow({ Action: 'dynamodb:*' })) },
  ],
  [
    'a boundary that does not allow does',
    'implicit permissions boundary',
    { identity: [doc(allow())], boundary: doc(allow({ Action: 's3:*' })) },
  ],
  ['a boundary gives nothing', noIdentity, { boundary: doc(allow()) }],
  [
    'a boundary that denies',
    'explicit permissions boundary',
    { identity: [doc(allow())], boundary: doc(allow(), deny()) },
  ],
  [
    'an empty boundary allows nothing',
    'implicit permissions boundary',
    { identity: [doc(allow())], boundary: doc() },
  ],
  [
    'a boundary limits what the resource’s policy gives to the role',
    'implicit permissions boundary',
    { boundary: doc(allow({ Action: 's3:*' })), resource: doc(allow({ Principal: { AWS: roleArn } })) },
  ],
  [
    'but not what it gives to the session',
    yes,
    { boundary: doc(allow({ Action: 's3:*' })), resource: doc(allow({ Principal: { AWS: session.arn } })) },
  ],
  [
    'nor to the user',
    yes,
    { boundary: doc(allow({ Action: 's3:*' })), resource: doc(allow({ Principal: { AWS: user.arn } })) },
    { principal: user },
  ],
  [
    'nor to everybody',
    yes,
    { boundary: doc(allow({ Action: 's3:*' })), resource: doc(allow({ Principal: '*' })) },
  ],
  [
    'a boundary that denies holds against the resource’s policy too',
    'explicit permissions boundary',
    { boundary: doc(deny()), resource: doc(allow({ Principal: { AWS: session.arn } })) },
  ],
  [
    'what the account may hand on is still within the boundary',
    'implicit permissions boundary',
    {
      identity: [doc(allow())],
      boundary: doc(allow({ Action: 's3:*' })),
      resource: doc(allow({ Principal: { AWS: root } })),
    },
  ],
  [
    'a condition in a boundary',
    'implicit permissions boundary',
    {
      identity: [doc(allow())],
      boundary: doc(allow({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } })),
    },
    { context: { 'aws:RequestedRegion': 'us-east-1' } },
  ],

  // Session policies.
  [
    'a session policy that allows takes nothing away',
    yes,
    { identity: [doc(allow())], session: [doc(allow({ Action: 'dynamodb:PutItem' }))] },
  ],
  [
    'a session policy that does not allow does',
    'implicit session',
    { identity: [doc(allow())], session: [doc(allow({ Action: 's3:*' }))] },
  ],
  ['a session policy gives nothing', noIdentity, { session: [doc(allow())] }],
  [
    'a session policy that denies',
    'explicit session',
    { identity: [doc(allow())], session: [doc(allow(), deny())] },
  ],
  [
    'one of several session policies is enough',
    yes,
    { identity: [doc(allow())], session: [doc(allow({ Action: 's3:*' })), doc(allow())] },
  ],
  [
    'no session policy out of an empty list allows',
    'implicit session',
    { identity: [doc(allow())], session: [] },
  ],
  [
    'a session policy limits what the resource’s policy gives to the role',
    'implicit session',
    { session: [doc(allow({ Action: 's3:*' }))], resource: doc(allow({ Principal: { AWS: roleArn } })) },
  ],
  [
    'but not what it gives to the session',
    yes,
    { session: [doc(allow({ Action: 's3:*' }))], resource: doc(allow({ Principal: { AWS: session.arn } })) },
  ],
  [
    'boundary and session must both allow',
    'implicit session',
    { identity: [doc(allow())], boundary: doc(allow()), session: [doc()] },
  ],
  [
    'the first to refuse is named',
    'implicit permissions boundary',
    { identity: [doc(allow())], boundary: doc(), session: [doc()] },
  ],
]

/** One operator against rows of: what the request has, what the policy wants, whether it holds. */
function conditions(
  operator: string,
  cases: readonly (readonly [
    actual: string | string[] | undefined,
    wanted: string | string[],
    holds: boolean,
  ])[],
): Row[] {
  return cases.map(
    ([actual, wanted, holds]): Row => [
      `${operator}: ${JSON.stringify(actual) ?? 'a missing key'} ${holds ? 'meets' : 'does not meet'} ${JSON.stringify(wanted)}`,
      holds ? 'allowed' : 'implicit identity-based',
      { identity: [doc(allow({ Condition: { [operator]: { 'some:Key': wanted } } }))] },
      { context: actual === undefined ? {} : { 'some:Key': actual } },
    ],
  )
}

/** What AWS::Lambda::Permission makes of a SourceArn. */
function permission(sourceArn: string): Partial<Policies> {
  return {
    resource: doc(
      allow({
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: lambda,
        Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } },
      }),
    ),
  }
}

function invocation(sourceArn: string): Asked {
  return {
    principal: gateway,
    action: 'lambda:InvokeFunction',
    resource: lambda,
    context: { 'aws:SourceArn': sourceArn },
  }
}

for (const [name, expected, policies, asked] of rows) {
  test(name, () => {
    const question = {
      principal: session,
      action: 'dynamodb:PutItem',
      resource: table,
      context: {},
      accountId: '123456789012',
    }
    const decision = evaluate({ ...question, ...asked }, { identity: [], ...policies })
    expect(decision.allowed ? 'allowed' : `${decision.deny} ${decision.kind}`).toBe(expected)
  })
}

test('a pattern full of stars takes no time', () => {
  const Resource = `arn:${'*a'.repeat(200)}b`
  const question = {
    principal: session,
    action: 'a:b',
    resource: `arn:${'a'.repeat(2000)}`,
    context: {},
    accountId: '123456789012',
  }
  // Of the processor, not of the clock: a busy machine takes no longer by this.
  const began = process.cpuUsage()
  expect(evaluate(question, { identity: [doc(allow({ Resource }))] }).allowed).toBe(false)
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000)
})
