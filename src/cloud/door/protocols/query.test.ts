import {
  IAMClient,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { decode, encode, encodeError, encodeErrorJson, encodeJson, namespace } from './query.ts'
import { answering, someone, wire } from './test-server.ts'

const iam = { signingName: 'iam', version: '2010-05-08' }
const sts = { signingName: 'sts', version: '2011-06-15' }

let stop = () => {}
afterEach(() => stop())

async function iamClient(reply: Parameters<typeof answering>[0]) {
  const server = await answering(reply)
  stop = server.stop
  return new IAMClient({ ...someone, endpoint: server.endpoint })
}

test('the SDK speaks Query to STS and understands the answer', async () => {
  const server = await answering(wire => {
    const { operation } = decode(wire)
    return encode({ Account: '123456789012', Arn: 'arn', UserId: 'id' }, operation, sts, 'R1')
  })
  stop = server.stop
  const output = await new STSClient({ ...someone, endpoint: server.endpoint }).send(
    new GetCallerIdentityCommand({}),
  )
  expect(output).toMatchObject({ Account: '123456789012', Arn: 'arn', UserId: 'id' })
  expect(output.$metadata.requestId).toBe('R1')
})

test('lists and lists in lists come and go', async () => {
  let heard: unknown
  const client = await iamClient(wire => {
    heard = decode(wire)
    return encode(
      {
        EvaluationResults: [
          { EvalActionName: 'a:B', EvalDecision: 'allowed', MatchedStatements: [] },
          { EvalActionName: 'c:D', EvalDecision: 'implicitDeny' },
        ],
        IsTruncated: false,
      },
      'SimulatePrincipalPolicy',
      iam,
      'R1',
    )
  })
  const output = await client.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: 'arn:aws:iam::123456789012:role/r',
      ActionNames: Array.from({ length: 11 }, (_, i) => `a:B${i}`),
      ResourceArns: ['x & y=1'],
      ContextEntries: [{ ContextKeyName: 'k', ContextKeyType: 'stringList', ContextKeyValues: ['v', 'w'] }],
    }),
  )
  expect(heard).toEqual({
    operation: 'SimulatePrincipalPolicy',
    version: '2010-05-08',
    input: {
      PolicySourceArn: 'arn:aws:iam::123456789012:role/r',
      ActionNames: Array.from({ length: 11 }, (_, i) => `a:B${i}`),
      ResourceArns: ['x & y=1'],
      ContextEntries: [{ ContextKeyName: 'k', ContextKeyType: 'stringList', ContextKeyValues: ['v', 'w'] }],
    },
  })
  expect(output.EvaluationResults?.map(result => result.EvalDecision)).toEqual(['allowed', 'implicitDeny'])
  expect(output.EvaluationResults?.[0]?.MatchedStatements).toEqual([])
  expect(output.IsTruncated).toBe(false)
})

test('texts that are no plain XML, and times, arrive as they were', async () => {
  const description = '<a href="x">&amp; \'q\'</a>\r\n\tä😀'
  const at = new Date('2026-11-21T05:00:00.123Z')
  const client = await iamClient(() =>
    encode({ Roles: [{ RoleName: 'r', Description: description, CreateDate: at }] }, 'ListRoles', iam, 'R1'),
  )
  const { Roles } = await client.send(new ListRolesCommand({}))
  expect(Roles?.[0]?.Description).toBe(description)
  expect(Roles?.[0]?.CreateDate).toEqual(at)
})

test('an operation without output has no result element', async () => {
  const answer = encode(undefined, 'TagRole', iam, 'R1')
  expect(answer.body).toBe(
    '<TagRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">' +
      '<ResponseMetadata><RequestId>R1</RequestId></ResponseMetadata></TagRoleResponse>',
  )
  const client = await iamClient(() => answer)
  const output = await client.send(new TagRoleCommand({ RoleName: 'r', Tags: [{ Key: 'a', Value: 'b' }] }))
  expect(output.$metadata.requestId).toBe('R1')
})

test('an error reaches the caller with name, message and request id', async () => {
  const answer = encodeError(new AwsError('NoSuchEntity', 'No role <r>', 404), iam, 'R1')
  expect(answer.body).toBe(
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
      '<Code>NoSuchEntity</Code><Message>No role &lt;r&gt;</Message></Error><RequestId>R1</RequestId></ErrorResponse>',
  )
  const client = await iamClient(() => answer)
  const caught = await client.send(new ListRolesCommand({})).catch((error: unknown) => error)
  expect(caught).toMatchObject({
    name: 'NoSuchEntityException',
    message: 'No role <r>',
    $metadata: { httpStatusCode: 404, requestId: 'R1' },
  })
})

test('our own faults are the receiver’s', () => {
  expect(encodeError(new AwsError('InternalFailure', '', 500), iam, 'R1').body).toContain(
    '<Type>Receiver</Type>',
  )
})

test('a request may come in the query string, as presigned ones do', () => {
  const target = '/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Signature=abc&X-Amz-Date=x'
  expect(decode(wire({ method: 'GET', target }))).toEqual({
    operation: 'GetCallerIdentity',
    version: '2011-06-15',
    input: {},
  })
})

test('flattened lists, maps, pluses and escapes are understood', () => {
  const body = Buffer.from(
    'Action=X&Name.2=b+c&Name.1=a%2Bb&Attribute.entry.1.key=k&Attribute.entry.1.value.N=1&Empty=',
  )
  expect(decode(wire({ body })).input).toEqual({
    Name: ['a+b', 'b c'],
    Attribute: { k: { N: '1' } },
    Empty: '',
  })
})

test('message attributes of SNS, whose entries have Name and Value, are a map', () => {
  const body = Buffer.from(
    'Action=X&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String' +
      '&MessageAttributes.entry.1.Value.StringValue=b%2Bc&MessageAttributes.entry.2.Name=d',
  )
  expect(decode(wire({ body })).input).toEqual({
    MessageAttributes: { a: { DataType: 'String', StringValue: 'b+c' }, d: undefined },
  })
})

test('each service has the namespace that AWS writes', () => {
  const of = (signingName: string, version: string) => namespace({ signingName, version })
  expect(of('sqs', '2012-11-05')).toBe('http://queue.amazonaws.com/doc/2012-11-05/')
  expect(of('sns', '2010-03-31')).toBe('http://sns.amazonaws.com/doc/2010-03-31/')
  expect(of('cloudformation', '2010-05-15')).toBe('http://cloudformation.amazonaws.com/doc/2010-05-15/')
  expect(of('iam', '2010-05-08')).toBe('https://iam.amazonaws.com/doc/2010-05-08/')
  expect(of('sts', '2011-06-15')).toBe('https://sts.amazonaws.com/doc/2011-06-15/')
})

test('JSON has its members in order, and those that are not there as null', () => {
  expect(encodeJson({ SequenceNumber: undefined, MessageId: 'm' }, 'Publish', 'R1').body).toBe(
    '{"PublishResponse":{"PublishResult":{"MessageId":"m","SequenceNumber":null},"ResponseMetadata":{"RequestId":"R1"}}}',
  )
  expect(encodeJson(undefined, 'Unsubscribe', 'R1').body).toBe(
    '{"UnsubscribeResponse":{"ResponseMetadata":{"RequestId":"R1"}}}',
  )
  expect(encodeErrorJson(new AwsError('NotFound', 'No', 404, { Detail: '' }), 'R1').body).toBe(
    '{"Error":{"Code":"NotFound","Message":"No","Type":"Sender"},"RequestId":"R1"}',
  )
})

test('names that every object knows are only names', () => {
  const body = Buffer.from('Action=X&__proto__.polluted=1&constructor.prototype.polluted=1')
  const { input } = decode(wire({ body }))
  expect(Object.keys(input)).toEqual(['__proto__', 'constructor'])
  expect(({} as any).polluted).toBeUndefined()
})

test('a list numbered by a madman is no longer than its items', () => {
  const body = Buffer.from('Action=X&Name.member.4000000000=b&Name.member.7=a')
  expect(decode(wire({ body })).input).toEqual({ Name: ['a', 'b'] })
})

test('without an action nothing is asked for', () => {
  expect(() => decode(wire({ body: Buffer.from('Version=1') }))).toThrowError(
    expect.objectContaining({ code: 'MissingAction' }),
  )
})
