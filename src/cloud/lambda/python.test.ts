import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lambdaForTests } from './lambda.fixture.ts'
import { pythonIn, pythonLacks } from './python.ts'

const lacks = pythonLacks('python3.12')
let cloud: Awaited<ReturnType<typeof lambdaForTests>>
beforeAll(async () => {
  cloud = await lambdaForTests()
})
afterAll(() => cloud.stop())

const make = (name: string, code: string | object, properties: object = {}) =>
  cloud.make(name, code, { Runtime: 'python3.12', ...properties })

test('a machine without python3 is told so in a sentence, and one without boto3 too', () => {
  const empty = mkdtempSync(join(tmpdir(), 'no-python-'))
  expect(pythonIn(empty)).toBeUndefined()
  expect(pythonLacks('python3.12', empty)).toBe(
    'Runtime python3.12 needs Python, and there is no python3 on this machine',
  )
  rmSync(empty, { recursive: true })
})

test.skipIf(lacks)(
  `a Python handler has its event, its context and its variables (${lacks ?? 'here'})`,
  async () => {
    await make(
      'says',
      `import os
def handler(event, context):
    return {'said': event['text'], 'name': context.function_name, 'id': context.aws_request_id,
            'left': context.get_remaining_time_in_millis() > 1000, 'room': os.environ['ROOM'],
            'file': __file__, 'home': os.path.expanduser('~'), 'path': os.environ.get('PWD')}
`,
      { Environment: { Variables: { ROOM: 'blue' } } },
    )
    const done = await cloud.invoke('says', { text: 'Grüße 🚀' })
    expect(done.result).toMatchObject({
      said: 'Grüße 🚀',
      name: 'says',
      id: done.requestId,
      left: true,
      room: 'blue',
      home: '/home/sbx_user1051',
    })
  },
)

test.skipIf(lacks)(
  'print, logging and what is written past them are events of the log, in order',
  async () => {
    await make(
      'logs',
      `import logging, sys
print('at start')
logger = logging.getLogger()
logger.setLevel('INFO')
def handler(event, context):
    print('one\\ntwo')
    logger.info('three\\nand on')
    logging.getLogger('mine').warning('four')
    logger.debug('never')
    print('five', file=sys.stderr)
    print('six', end='')
    return None
`,
    )
    const { requestId, result } = await cloud.invoke('logs')
    expect(result).toBeNull()
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`
    expect(cloud.lines('logs')).toEqual([
      expect.stringMatching(/^INIT_START Runtime Version: python:3\.12\.local\t/),
      'at start',
      `START RequestId: ${requestId} Version: $LATEST`,
      'one',
      'two',
      expect.stringMatching(new RegExp(`^\\[INFO\\]\t${time}\t${requestId}\tthree\nand on$`)),
      expect.stringMatching(new RegExp(`^\\[WARNING\\]\t${time}\t${requestId}\tfour$`)),
      'five',
      'six',
      `END RequestId: ${requestId}`,
      expect.stringMatching(/^REPORT RequestId: .*Max Memory Used: \d+ MB\tInit Duration: /),
    ])
  },
)

test.skipIf(lacks)('an exception is reported and logged as AWS does', async () => {
  await make(
    'breaks',
    `def inner():
    raise ValueError('no such room')
def handler(event, context):
    inner()
`,
  )
  const done = await cloud.invoke('breaks')
  expect(done).toMatchObject({
    kind: 'failed',
    error: {
      errorMessage: 'no such room',
      errorType: 'ValueError',
      requestId: done.requestId,
      stackTrace: [
        '  File "/var/task/index.py", line 4, in handler\n    inner()\n',
        '  File "/var/task/index.py", line 2, in inner\n    raise ValueError(\'no such room\')\n',
      ],
    },
  })
  expect(cloud.lines('breaks')).toContain(
    '[ERROR] ValueError: no such room\nTraceback (most recent call last):\n\u00a0\u00a0File "/var/task/index.py", line 4, in handler\n\u00a0\u00a0\u00a0\u00a0inner()\n\u00a0\u00a0File "/var/task/index.py", line 2, in inner\n\u00a0\u00a0\u00a0\u00a0raise ValueError(\'no such room\')',
  )
})

test.skipIf(lacks).each([
  [
    'import nowhere',
    {},
    'Runtime.ImportModuleError',
    "Unable to import module 'index': No module named 'nowhere'",
  ],
  ['x = 1', {}, 'Runtime.HandlerNotFound', "Handler 'handler' missing on module 'index'"],
  [
    'def handler(:',
    {},
    'Runtime.UserCodeSyntaxError',
    "Syntax error in module 'index': invalid syntax (index.py, line 1)",
  ],
  [
    'x = 1',
    { Handler: 'index' },
    'Runtime.MalformedHandlerName',
    "Bad handler 'index': not enough values to unpack (expected 2, got 1)",
  ],
  ['1 / 0', {}, 'ZeroDivisionError', 'division by zero'],
  [
    'def handler(e, c): return {1, 2}',
    {},
    'Runtime.MarshalError',
    'Unable to marshal response: Object of type set is not JSON serializable',
  ],
] as const)('%s (%j) is %s', async (code, properties, errorType, errorMessage) => {
  const name = `bad-${errorType.replace('.', '-')}`
  await make(name, `${code}\n`, properties)
  expect(await cloud.invoke(name)).toMatchObject({ kind: 'failed', error: { errorType, errorMessage } })
})

test.skipIf(lacks)('a handler that takes too long is ended, and one that exits says so', async () => {
  await make('slow', 'import time\ndef handler(e, c):\n    time.sleep(60)\n', { Timeout: 1 })
  expect(await cloud.invoke('slow')).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Sandbox.Timedout' },
  })
  await make('exits', 'import sys\ndef handler(e, c):\n    sys.exit(3)\n')
  expect(await cloud.invoke('exits')).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
  })
})

test.skipIf(lacks)('an instance stands still between invocations, its threads too', async () => {
  await make(
    'threads',
    `import threading, time
count = 0
def run():
    global count
    while True:
        count += 1
        time.sleep(0.001)
threading.Thread(target=run, daemon=True).start()
def handler(e, c):
    before = count
    time.sleep(e.get('wait', 0))
    return [before, count]
`,
  )
  const first = (await cloud.invoke('threads', { wait: 0.2 })).result
  expect(first[1] - first[0]).toBeGreaterThan(5)
  await new Promise(resolve => setTimeout(resolve, 500))
  const second = (await cloud.invoke('threads')).result
  expect(second[0] - first[1]).toBeLessThan(20)
})

test.skipIf(lacks)('modules of an asset and of a layer are found, the function’s own first', async () => {
  const content = cloud.asset('layer', {
    'python/shared.py': 'WORD = "layer"\n',
    'python/mine.py': 'WORD = "layer"\n',
  })
  const layer = await cloud
    .resource('AWS::Lambda::LayerVersion')
    .create(cloud.request('Layer', { LayerName: 'words', Content: content }))
  const code = cloud.asset('app', {
    'src/app.py': 'import shared, mine\ndef handler(e, c):\n    return [shared.WORD, mine.WORD]\n',
    'mine.py': 'WORD = "function"\n',
  })
  await make('modules', code, { Handler: 'src/app.handler', Layers: [layer.physicalId] })
  expect((await cloud.invoke('modules')).result).toEqual(['layer', 'function'])
})

test.skipIf(lacks)('nothing that a handler calls at AWS leaves the machine, nor what it starts', async () => {
  await make(
    'calls',
    `import socket, subprocess, sys, urllib.request
def attempt(call):
    try:
        call()
        return 'answered'
    except Exception as error:
        return type(error).__name__ + ': ' + str(error)
def handler(e, c):
    code = "import socket; print(socket.getaddrinfo('sqs.us-east-1.amazonaws.com', 443)[0][4])"
    return [
        attempt(lambda: socket.create_connection(('169.254.169.254', 80))),
        attempt(lambda: socket.create_connection(('execute-api.us-east-1.amazonaws.com', 443))),
        attempt(lambda: socket.create_connection(('api.execute-api.us-east-1.amazonaws.com', 80), timeout=0.1)),
        attempt(lambda: urllib.request.urlopen('http://sqs.us-east-1.amazonaws.com')),
        socket.getaddrinfo('localhost', 80, socket.AF_INET)[0][4],
        subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout,
    ]
`,
    { Timeout: 30 },
  )
  const { result } = await cloud.invoke('calls')
  expect(result).toEqual([
    expect.stringMatching(/^OSError: \[Errno \d+\] No route to host/),
    expect.stringMatching(/^gaierror: /),
    expect.stringMatching(/timed out/),
    // The door of these tests is a port at which nobody listens.
    expect.stringMatching(/^URLError: .*refused/),
    ['127.0.0.1', 80],
    "('127.0.0.1', 1)\n",
  ])
})
