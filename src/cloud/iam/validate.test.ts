import { expect, test } from 'vitest'
import { type DocumentKind, validatePolicy } from './validate.ts'

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
const doc = (change: object, kind: DocumentKind = 'identity') => {
  const base = kind === 'trust' ? { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' } : statement
  return { Version: '2012-10-17', Statement: [{ ...base, ...change }] }
}
const SYNTAX = 'Syntax errors in policy.'
const VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'

const malformed: readonly (readonly [
  name: string,
  document: unknown,
  message: string,
  kind?: DocumentKind,
])[] = [
  ['nothing', undefined, SYNTAX],
  ['a list', [], SYNTAX],
  ['text that is not JSON', '{', SYNTAX],
  ['null', 'null', SYNTAX],
  ['no statement', { Version: '2012-10-17' }, SYNTAX],
  ['an unknown version', { Version: '2026-01-01', Statement: [] }, SYNTAX],
  ['an unknown element of the document', { ...doc({}), Statements: [] }, SYNTAX],
  ['an unknown element of a statement', doc({ Actions: 's3:*' }), SYNTAX],
  ['a statement that is no object', { Statement: ['Allow'] }, SYNTAX],
  ['no effect', doc({ Effect: undefined }), 'Missing required field Effect'],
  ['an effect in lower case', doc({ Effect: 'allow' }), 'Invalid effect: allow'],
  ['no action', doc({ Action: undefined }), 'Policy statement must contain actions.'],
  ['both Action and NotAction', doc({ NotAction: 's3:*' }), SYNTAX],
  ['an action without its service', doc({ Action: 'GetObject' }), VENDOR],
  [
    'an action with two colons',
    doc({ Action: 's3:Get:Object' }),
    'Actions/Condition can contain only one colon.',
  ],
  ['an action that is no text', doc({ Action: [1] }), SYNTAX],
  ['a service that is no name', doc({ Action: 's 3:GetObject' }), 'Vendor s 3 is not valid'],
  ['no resource', doc({ Resource: undefined }), 'Policy statement must contain resources.'],
  ['both Resource and NotResource', doc({ NotResource: '*' }), SYNTAX],
  [
    'a resource that is no ARN',
    doc({ Resource: 'my-bucket' }),
    'Resource my-bucket must be in ARN format or "*".',
  ],
  ['half an ARN', doc({ Resource: 'arn:aws:s3' }), 'Resource arn:aws:s3 must be in ARN format or "*".'],
  [
    'a principal where there is only one',
    doc({ Principal: '*' }),
    'Policy document should not specify a principal.',
  ],
  [
    'the same Sid twice',
    {
      Statement: [
        { ...statement, Sid: 'a' },
        { ...statement, Sid: 'a' },
      ],
    },
    'Statement IDs (SID) in a single policy must be unique.',
  ],
  [
    'a Sid with a hyphen',
    doc({ Sid: 'a-b' }),
    'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
  ],
  ['an unknown operator', doc({ Condition: { StringIs: { 'aws:username': 'a' } } }), SYNTAX],
  ['an operator in another case', doc({ Condition: { stringequals: { 'aws:username': 'a' } } }), SYNTAX],
  [
    'an operator of sets that does not exist',
    doc({ Condition: { 'ForEach:StringEquals': { 'aws:username': 'a' } } }),
    SYNTAX,
  ],
  ['NullIfExists', doc({ Condition: { NullIfExists: { 'aws:username': 'true' } } }), SYNTAX],
  ['a condition without an operator', doc({ Condition: { 'servicecatalog:accountLevel': 'self' } }), SYNTAX],
  ['a list of conditions', doc({ Condition: [] }), SYNTAX],
  ['a condition key without its service', doc({ Condition: { StringEquals: { username: 'a' } } }), VENDOR],
  ['an object for a value', doc({ Condition: { StringEquals: { 'aws:username': {} } } }), SYNTAX],
  [
    'a trust policy about a resource',
    doc({ Resource: '*' }, 'trust'),
    'Has prohibited field Resource',
    'trust',
  ],
  [
    'a trust policy without a principal',
    doc({ Principal: undefined }, 'trust'),
    'Missing required field Principal',
    'trust',
  ],
  [
    'a trust policy about something else',
    doc({ Action: 'lambda:InvokeFunction' }, 'trust'),
    'AssumeRole policy may only specify STS AssumeRole actions.',
    'trust',
  ],
  [
    'a service that is no host name',
    doc({ Principal: { Service: 'lambda' } }, 'trust'),
    'Invalid principal in policy: "SERVICE":"lambda"',
    'trust',
  ],
  [
    'a wildcard in a principal',
    doc({ Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } }, 'trust'),
    'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*"',
    'trust',
  ],
  [
    'a principal that is only a name',
    doc({ Principal: { AWS: 'Say' } }, 'resource'),
    'Invalid principal in policy: "AWS":"Say"',
    'resource',
  ],
  ['an unknown kind of principal', doc({ Principal: { Role: 'Say' } }, 'resource'), SYNTAX, 'resource'],
]
for (const [name, document, message, kind = 'identity'] of malformed) {
  test(`malformed: ${name}`, () => {
    const error = { code: 'MalformedPolicyDocument', status: 400, message }
    expect(() => validatePolicy(document, kind)).toThrow(expect.objectContaining(error))
  })
}

const wellFormed: readonly (readonly [name: string, document: unknown, kind?: DocumentKind])[] = [
  ['as JSON text', JSON.stringify(doc({}))],
  ['a lone statement', { Statement: statement }],
  ['no statements', { Version: '2012-10-17', Statement: [] }],
  [
    'NotAction and NotResource',
    { Statement: { Effect: 'Deny', NotAction: ['s3:*'], NotResource: ['arn:aws:s3:::a'] } },
  ],
  ['an ARN that ends early in a star', doc({ Resource: 'arn:aws:s3*' })],
  [
    'every kind of operator',
    doc({
      Condition: {
        'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': ['a*'] },
        Null: { 'aws:username': true },
        NumericLessThan: { 's3:max-keys': 10 },
      },
    }),
  ],
  [
    'a condition key whose vendor has dots',
    doc({ Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:1' } } }),
  ],
  ['a trust policy for a service', doc({ Principal: { Service: 'lambda.amazonaws.com' } }, 'trust'), 'trust'],
  [
    'a trust policy for sessions with tags',
    doc({ Action: ['sts:AssumeRole', 'sts:TagSession'] }, 'trust'),
    'trust',
  ],
  [
    'a resource’s policy for an account',
    doc({ Principal: { AWS: ['123456789012', 'arn:aws:iam::123456789012:root'] } }),
    'resource',
  ],
  ['a resource’s Sid with a hyphen', doc({ Sid: 'a-b', Principal: '*' }), 'resource'],
]
for (const [name, document, kind = 'identity'] of wellFormed) {
  test(`well formed: ${name}`, () => {
    expect(() => validatePolicy(document, kind)).not.toThrow()
  })
}
