import { expect, test } from 'vitest'
import { AwsError } from '../../error.ts'
import { openStand, statusOf } from '../stand.ts'
import { substitute } from './access-log.ts'

const ROLE = 'arn:aws:iam::123456789012:role/logs'
const DEFAULT =
  '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.status $context.requestId'

async function logging(Format: string, behind = (_: any): unknown => ({ statusCode: 200 })) {
  const lines: { group: string; stream: string; message: string }[] = []
  const logs = {
    write: (group: string, stream: string, message: string) => lines.push({ group, stream, message }),
  }
  const stand = await openStand(behind, {
    cloudWatchRoleArn: ROLE,
    logs: { write: (...line) => void logs.write(...line), createGroup() {} },
  })
  const DestinationArn = 'arn:aws:logs:us-east-1:123456789012:log-group:/chat/access'
  await stand.api(['$connect', 'chat', '$disconnect'], {
    stage: { AccessLogSettings: { DestinationArn, Format } },
  })
  return { stand, lines }
}

test('H11: CDK’s default format, for all three kinds of events', async () => {
  const { stand, lines } = await logging(DEFAULT)

  const client = await stand.connect()
  client.send({ action: 'chat' })
  await expect.poll(() => lines.length).toBe(2)
  client.socket.close()
  await expect.poll(() => lines.length).toBe(3)

  const line = (type: string, route: string) =>
    new RegExp(
      `^127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:[\\d:]{8} \\+0000\\] "${type} ${route} [\\w-]{15}=" 200 [\\w-]{15}=$`,
    )
  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringMatching(line('CONNECT', '\\$connect')),
    expect.stringMatching(line('MESSAGE', 'chat')),
    expect.stringMatching(line('DISCONNECT', '\\$disconnect')),
  ])
  expect(new Set(lines.map(({ group, stream }) => `${group} ${stream}`)).size).toBe(1)
  expect(lines[0]).toMatchObject({ group: '/chat/access', stream: expect.stringMatching(/^[0-9a-f]{32}$/) })
})

test('H15: errors say why', async () => {
  const format =
    '$context.requestId $context.routeKey $context.status $context.error.message | $context.integration.error'
  const { stand, lines } = await logging(format, () => {
    throw new Error('boom')
  })

  expect(await statusOf(stand.connect())).toBe(502)

  expect(lines.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^[\w-]{15}= \$connect 502 Internal server error \| Lambda execution failed .*: boom\. Lambda request id: r$/,
    ),
  ])
})

test.each([
  [{ Format: '$context.routeKey' }, 'must include at least one of'],
  [{ Format: `$context.requestId${'x'.repeat(3072)}` }, 'more than 3 KB'],
  [{ Format: '$context.requestId', DestinationArn: 'arn:aws:s3:::bucket' }, 'Invalid ARN'],
])('settings %j are refused', async (settings, message) => {
  const stand = await openStand(undefined, {
    cloudWatchRoleArn: ROLE,
    logs: { write() {}, createGroup() {} },
  })
  const { apiId } = await stand.api([])
  const DestinationArn = 'arn:aws:logs:us-east-1:123456789012:log-group:x:*'

  await expect(
    stand.create('Stage', {
      ApiId: apiId,
      StageName: 'logged',
      AccessLogSettings: { DestinationArn, ...settings },
    }),
  ).rejects.toThrow(message)
})

test('what a context does not have is a dash', () => {
  expect(substitute('$context.a.b $context.a.c $context.d, "$context.n"', { a: { b: 'x' }, n: 0 })).toBe(
    'x - -, "0"',
  )
})

test('H12: logging needs the account’s role, which a template can set', async () => {
  const stand = await openStand(undefined, { logs: { write() {}, createGroup() {} } })
  const { apiId } = await stand.api([])
  const DestinationArn = 'arn:aws:logs:us-east-1:123456789012:log-group:x'
  const AccessLogSettings = { DestinationArn, Format: '$context.requestId' }
  const logged = () => stand.create('Stage', { ApiId: apiId, StageName: 'logged', AccessLogSettings })

  await expect(logged()).rejects.toMatchObject({
    code: 'BadRequestException',
    message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
  })
  const account = stand.gateway.resources.find(({ type }) => type === 'AWS::ApiGateway::Account')!
  await account.create({
    stackName: 's',
    logicalId: 'Account',
    properties: { CloudWatchRoleArn: ROLE },
    inventName: () => 'x',
  })

  await logged()
})

test('a log group that is gone costs the line, not the request', async () => {
  const stand = await openStand(event => ({ statusCode: 200, body: event.body }), {
    cloudWatchRoleArn: ROLE,
    logs: {
      write() {
        throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.')
      },
      createGroup() {},
    },
  })
  const DestinationArn = 'arn:aws:logs:us-east-1:123456789012:log-group:x'
  const AccessLogSettings = { DestinationArn, Format: '$context.requestId' }
  await stand.api(['$connect', 'echo'], { twoWay: ['echo'], stage: { AccessLogSettings } })
  const client = await stand.connect()

  client.send({ action: 'echo' })

  expect(await client.hears()).toBe('{"action":"echo"}')
})
