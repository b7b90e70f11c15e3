import { afterAll, beforeAll, expect, test } from 'vitest'
import { HANG } from '../../machine/bounds.ts'
import { lambdaForTests, trust } from './lambda.fixture.ts'

let cloud: Awaited<ReturnType<typeof lambdaForTests>>

beforeAll(async () => {
  cloud = await lambdaForTests({ initTimeout: 1500 })
})
afterAll(() => cloud.stop())

const error = (done: Awaited<ReturnType<typeof cloud.invoke>>) => {
  if (done.kind !== 'failed') throw new Error(`it did not fail: ${done.payload}`)
  return done.error
}

test('a function from an asset folder runs, and its log reads as on AWS', async () => {
  const code = cloud.asset('hello', {
    'src/index.js': `exports.handler = async event => { console.log('hello', event.name); return { said: event.name } }`,
  })
  await cloud.make('hello', code, { Handler: 'src/index.handler' })
  const done = await cloud.invoke('hello', { name: 'ana' })
  expect(done.result).toEqual({ said: 'ana' })
  const id = done.requestId
  const [init, start, line, end, report, ...rest] = cloud.lines('hello')
  expect(init).toMatch(
    /^INIT_START Runtime Version: nodejs:22\.\w+\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:/,
  )
  expect(start).toBe(`START RequestId: ${id} Version: $LATEST`)
  expect(line).toMatch(
    new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t${id}\tINFO\thello ana$`),
  )
  expect(end).toBe(`END RequestId: ${id}`)
  expect(report).toMatch(
    new RegExp(
      `^REPORT RequestId: ${id}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms$`,
    ),
  )
  expect(rest).toEqual([])
})

test('a handler is called as a method: compiled code that asks for `this` finds an object', async () => {
  await cloud.make('method', 'exports.handler = async function () { return typeof this }')
  expect((await cloud.invoke('method')).result).toBe('object')
})

test('an instance is used again, and its module state with it', async () => {
  await cloud.make('counts', `let n = 0; exports.handler = async () => ++n`)
  expect([(await cloud.invoke('counts')).result, (await cloud.invoke('counts')).result]).toEqual([1, 2])
  const invocations = cloud.events
    .history()
    .filter(e => e.kind === 'invocation' && e.functionName === 'counts')
  expect(invocations).toMatchObject([
    { outcome: 'returned', cold: true, startMs: expect.any(Number) },
    { outcome: 'returned', cold: false },
  ])
  expect(invocations[1]).not.toHaveProperty('startMs')
})

test('concurrent invocations run in instances of their own', async () => {
  const begun = cloud.guardian.temporaryFolder('wslab-begun-')
  // The first waits for another, and so cannot do the work of both.
  await cloud.make(
    'alone',
    `const fs = require('fs')
     let busy = 0
     exports.handler = async () => {
       if (++busy > 1) throw new Error('not alone')
       fs.writeFileSync(${JSON.stringify(begun)} + '/' + process.pid, '')
       while (fs.readdirSync(${JSON.stringify(begun)}).length < 2) await new Promise(resolve => setTimeout(resolve, 5))
       busy--
       return process.pid
     }`,
    { Timeout: 900 },
  )
  const done = await Promise.all([1, 2, 3].map(() => cloud.invoke('alone')))
  for (const { kind } of done) expect(kind).toBe('returned')
  expect(new Set(done.map(({ result }) => result)).size).toBeGreaterThan(1)
})

test('a handler may answer by callback, by promise, or not at all', async () => {
  await cloud.make(
    'callback',
    `exports.handler = (event, context, callback) => setTimeout(callback, 5, null, 'called')`,
  )
  await cloud.make('thenable', `exports.handler = () => ({ then: resolve => resolve('then') })`)
  await cloud.make('nothing', `exports.handler = async () => {}`)
  await cloud.make('ignored', `exports.handler = () => 'AWS ignores this'`)
  await cloud.make('done', `exports.handler = (event, context) => context.succeed({ old: true })`)
  const answers = []
  for (const name of ['callback', 'thenable', 'nothing', 'ignored', 'done'])
    answers.push((await cloud.invoke(name)).result)
  expect(answers).toEqual(['called', 'then', null, null, { old: true }])
})

test('a callback waits for the event loop to empty, unless told otherwise', async () => {
  const code = `exports.handler = (event, context, callback) => {
    context.callbackWaitsForEmptyEventLoop = event.waits
    let later = false
    setTimeout(() => { later = true; if (event.waits) console.log('later') }, 100)
    callback(null, 'soon')
  }`
  await cloud.make('waits', code)
  const start = performance.now()
  await cloud.invoke('waits', { waits: true })
  expect(performance.now() - start).toBeGreaterThan(100)
  expect(cloud.lines('waits').some(line => line.endsWith('later'))).toBe(true)
  expect((await cloud.invoke('waits', { waits: false })).result).toBe('soon')
})

test('after its answer a function stands still until the next invocation', async () => {
  await cloud.make(
    'frozen',
    `let ticks = 0
     setInterval(() => ticks++, 5)
     exports.handler = async event => {
       while (ticks < event.until) await new Promise(resolve => setTimeout(resolve, 5))
       return ticks
     }`,
  )
  const before = (await cloud.invoke('frozen')).result
  await new Promise(resolve => setTimeout(resolve, 300))
  expect((await cloud.invoke('frozen')).result - before).toBeLessThan(5)
  expect((await cloud.invoke('frozen', { until: before + 11 })).result - before).toBeGreaterThan(10)
})

test('the context is what Node handlers find on AWS', async () => {
  await cloud.make(
    'context',
    `exports.handler = async (event, context) => ({
       ...context, remaining: context.getRemainingTimeInMillis(), keys: Object.keys(context).sort(),
     })`,
    { Timeout: 900, MemorySize: 256 },
  )
  const { result, requestId } = await cloud.invoke('context')
  expect(result).toMatchObject({
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: 'context',
    memoryLimitInMB: '256',
    logGroupName: '/aws/lambda/context',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:context',
    awsRequestId: requestId,
  })
  expect(result.remaining).toBeGreaterThan(900_000 - HANG)
  expect(result.remaining).toBeLessThanOrEqual(900_000)
  expect(result.keys).toEqual([
    'awsRequestId',
    'callbackWaitsForEmptyEventLoop',
    'clientContext',
    'done',
    'fail',
    'functionName',
    'functionVersion',
    'getRemainingTimeInMillis',
    'identity',
    'invokedFunctionArn',
    'logGroupName',
    'logStreamName',
    'memoryLimitInMB',
    'succeed',
  ])
})

test('the environment holds what AWS and the function set, and nothing of ours', async () => {
  process.env.SECRET_OF_OURS = 'x'
  await cloud.make(
    'environment',
    `exports.handler = async () => ({ env: process.env, send: typeof process.send, cwd: process.cwd(), home: require('os').homedir() })`,
    { Environment: { Variables: { TABLE: 'connections' } } },
  )
  const { result } = await cloud.invoke('environment')
  const { env } = result
  expect(Object.keys(env).sort()).toEqual([
    'AWS_ACCESS_KEY_ID',
    'AWS_DEFAULT_REGION',
    'AWS_EXECUTION_ENV',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
    'AWS_LAMBDA_FUNCTION_NAME',
    'AWS_LAMBDA_FUNCTION_VERSION',
    'AWS_LAMBDA_INITIALIZATION_TYPE',
    'AWS_LAMBDA_LOG_GROUP_NAME',
    'AWS_LAMBDA_LOG_STREAM_NAME',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_XRAY_CONTEXT_MISSING',
    'AWS_XRAY_DAEMON_ADDRESS',
    'LAMBDA_RUNTIME_DIR',
    'LAMBDA_TASK_ROOT',
    'LANG',
    'NODE_PATH',
    'PATH',
    'TABLE',
    'TZ',
    '_AWS_XRAY_DAEMON_ADDRESS',
    '_AWS_XRAY_DAEMON_PORT',
    '_HANDLER',
    '_X_AMZN_TRACE_ID',
  ])
  expect(env).toMatchObject({
    TABLE: 'connections',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_REGION: 'us-east-1',
    _HANDLER: 'index.handler',
    TZ: ':UTC',
    _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0/),
  })
  expect(cloud.sts.find(env.AWS_ACCESS_KEY_ID)?.principal).toMatchObject({
    arn: 'arn:aws:sts::123456789012:assumed-role/writes-logs/environment',
  })
  expect(result).toMatchObject({ send: 'undefined', cwd: env.LAMBDA_TASK_ROOT, home: '/home/sbx_user1051' })
})

test('a thrown error is reported with type, message and trace, and logged', async () => {
  await cloud.make('throws', `exports.handler = async () => { throw new RangeError('too far') }`)
  const told = error(await cloud.invoke('throws'))
  expect(told).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' })
  expect(told.trace?.slice(0, 2)).toEqual([
    'RangeError: too far',
    expect.stringMatching(/^ {4}at exports\.handler \(\/var\/task\/index\.js:1:\d+\)$/),
  ])
  const logged = cloud.lines('throws').find(line => line.includes('Invoke Error'))
  expect(logged).toMatch(
    /\tERROR\tInvoke Error \t\{"errorType":"RangeError","errorMessage":"too far","stack":\["RangeError: too far"/,
  )
})

test('what is thrown need not be an error', async () => {
  await cloud.make('string', `exports.handler = async () => { throw 'just words' }`)
  await cloud.make('undefined', `exports.handler = () => Promise.reject()`)
  expect(error(await cloud.invoke('string'))).toEqual({
    errorType: 'string',
    errorMessage: 'just words',
    trace: [],
  })
  expect(error(await cloud.invoke('undefined'))).toMatchObject({
    errorType: 'string',
    errorMessage: 'handled',
  })
})

test('a result that is no JSON is an error', async () => {
  await cloud.make('bigint', `exports.handler = async () => 1n`)
  await cloud.make('circle', `exports.handler = async () => { const a = {}; a.a = a; return a }`)
  const unserializable = { errorType: 'Error', errorMessage: 'Unable to stringify response body' }
  expect(error(await cloud.invoke('bigint'))).toMatchObject(unserializable)
  expect(error(await cloud.invoke('circle'))).toMatchObject(unserializable)
})

test('a module that cannot be found, or has no such export, fails as on AWS', async () => {
  await cloud.make('requires', `require('left-pad'); exports.handler = async () => 1`)
  const missing = error(await cloud.invoke('requires'))
  expect(missing.errorType).toBe('Runtime.ImportModuleError')
  expect(missing.errorMessage).toBe(
    "Error: Cannot find module 'left-pad'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs",
  )
  expect(cloud.lines('requires')).toEqual([
    expect.stringMatching(/^INIT_START/),
    expect.stringMatching(
      /^[\d:.TZ-]+\tundefined\tERROR\tUncaught Exception \t\{"errorType":"Runtime\.ImportModuleError"/,
    ),
    expect.stringMatching(
      /^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Runtime\.ImportModuleError$/,
    ),
    expect.stringMatching(/^START/),
    expect.stringMatching(/^END/),
    expect.stringMatching(/^REPORT .*\tStatus: error\tError Type: Runtime\.ImportModuleError$/),
  ])

  await cloud.make('nofile', 'exports.handler = 1', { Handler: 'app.handler' })
  expect(error(await cloud.invoke('nofile'))).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: "Error: Cannot find module 'app'\nRequire stack:\n- /var/runtime/index.mjs",
  })
  await cloud.make('noexport', `exports.other = async () => 1`)
  expect(error(await cloud.invoke('noexport'))).toMatchObject({
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'index.handler is undefined or not exported',
  })
  await cloud.make('syntax', `exports.handler = async () => {`)
  expect(error(await cloud.invoke('syntax'))).toMatchObject({
    errorType: 'Runtime.UserCodeSyntaxError',
    errorMessage: expect.stringContaining('SyntaxError: '),
  })
  await cloud.make('esm-in-js', `import fs from 'node:fs'; export const handler = async () => 1`)
  expect(error(await cloud.invoke('esm-in-js'))).toMatchObject({
    errorType: 'Runtime.UserCodeSyntaxError',
    errorMessage: 'SyntaxError: Cannot use import statement outside a module',
  })
})

test('an exception at import fails the invocation, and the next one tries again', async () => {
  await cloud.make('import', `throw new TypeError('at import')`)
  for (const _ of [1, 2]) {
    expect(error(await cloud.invoke('import'))).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'at import',
    })
  }
})

test('exceptions nobody caught and promises nobody handled end the instance', async () => {
  await cloud.make('uncaught', `exports.handler = () => { setTimeout(() => { throw new Error('late') }, 1) }`)
  expect(error(await cloud.invoke('uncaught'))).toMatchObject({ errorType: 'Error', errorMessage: 'late' })
  await cloud.make(
    'unhandled',
    `let n = 0
     exports.handler = async () => { n++; if (n === 1) Promise.reject(new Error('loose')); await new Promise(r => setTimeout(r, 50)); return n }`,
  )
  expect(error(await cloud.invoke('unhandled'))).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: loose',
  })
  // A new instance counts from the start.
  expect(error(await cloud.invoke('unhandled'))).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
  })
})

test('a function that ends itself whenever it has loaded fails, and is not started without end', async () => {
  await cloud.make('loose', `Promise.reject(new Error('at load')); exports.handler = async () => 1`)
  expect(error(await cloud.invoke('loose'))).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: at load',
  })
})

test('a promise that never settles is an error once there is nothing left to wait for', async () => {
  await cloud.make('never', `exports.handler = async () => new Promise(() => {})`)
  expect(error(await cloud.invoke('never'))).toMatchObject({ errorType: 'Runtime.NodeJsExit' })
})

test('process.exit is reported with its status', async () => {
  await cloud.make('exits', `exports.handler = async event => process.exit(event.status)`)
  const done = await cloud.invoke('exits', { status: 1 })
  expect(error(done)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${done.requestId} Error: Runtime exited with error: exit status 1`,
  })
  expect(cloud.lines('exits')).toContain(
    `RequestId: ${done.requestId} Error: Runtime exited with error: exit status 1\nRuntime.ExitError`,
  )
  expect(error(await cloud.invoke('exits', { status: 0 })).errorMessage).toMatch(
    /Error: Runtime exited without providing a reason$/,
  )
  await cloud.make('exits-early', 'process.exit(3)')
  const early = await cloud.invoke('exits-early')
  expect(error(early).errorMessage).toBe(
    `RequestId: ${early.requestId} Error: Runtime exited with error: exit status 3`,
  )
})

test('a function that takes too long is killed, however it spends its time', async () => {
  await cloud.make(
    'loops',
    `console.log('here'); exports.handler = async event => { if (event.loop) for (;;); return 'fine' }`,
    {
      Timeout: 1,
    },
  )
  const done = await cloud.invoke('loops', { loop: true })
  expect(error(done)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${done.requestId} Error: Task timed out after 1.00 seconds`,
  })
  const lines = cloud.lines('loops')
  expect(lines.at(-3)).toMatch(
    new RegExp(`^[\\d:.TZ-]+ ${done.requestId} Task timed out after 1\\.00 seconds$`),
  )
  expect(lines.at(-1)).toMatch(/\tStatus: timeout$/)
  expect((await cloud.invoke('loops')).result).toBe('fine')
  expect(
    cloud.events
      .history()
      .filter(e => e.kind === 'invocation')
      .at(-2),
  ).toMatchObject({ outcome: 'timed out' })
})

test('a loop at import ends when initialization has had its time', async () => {
  await cloud.make('loops-early', 'for (;;);')
  expect(error(await cloud.invoke('loops-early'))).toMatchObject({ errorType: 'Sandbox.Timedout' })
  expect(cloud.lines('loops-early')[1]).toMatch(
    /^INIT_REPORT Init Duration: [1-9]\d{3,}\.\d\d ms\tPhase: init\tStatus: timeout$/,
  )
})

test('the heap is as large as the memory size says', async () => {
  await cloud.make(
    'eats',
    `exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)) }`,
    {
      Timeout: 20,
    },
  )
  const done = await cloud.invoke('eats')
  expect(error(done)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${done.requestId} Error: Runtime exited with error: signal: aborted (core dumped)`,
  })
  expect(cloud.lines('eats').join('\n')).toContain('JavaScript heap out of memory')
})

test('a flood of log lines is cut off, counted, and stops nobody', async () => {
  await cloud.make(
    'floods',
    `exports.handler = async event => {
       for (let i = 0; i < 200000; i++) event.raw ? process.stdout.write('line ' + i + '\\n') : console.log('line', i)
       return 'done'
     }`,
    { Timeout: 20 },
  )
  expect((await cloud.invoke('floods')).result).toBe('done')
  const lines = cloud.lines('floods')
  expect(lines.length).toBeLessThan(10_010)
  expect(lines).toContain('[local cloud] 190000 more lines were left out of this log.')
  expect(lines.at(-2)).toMatch(/^END/)
  expect((await cloud.invoke('floods', { raw: true })).result).toBe('done')
  expect(cloud.lines('floods').filter(line => line.includes('190000 more lines'))).toHaveLength(2)
})

test('an endless flood ends with the timeout', async () => {
  await cloud.make(
    'floods-on',
    `exports.handler = async () => { for (;;) console.log('x'.repeat(100_000)) }`,
    {
      Timeout: 2,
    },
  )
  expect(error(await cloud.invoke('floods-on'))).toMatchObject({ errorType: 'Sandbox.Timedout' })
  expect(cloud.lines('floods-on').some(line => line.includes('more lines were left out'))).toBe(true)
})

test('console levels, several lines in one event, and what goes past console', async () => {
  await cloud.make(
    'speaks',
    `exports.handler = async () => {
       console.warn('careful'); console.error(new Error('e').message); console.debug('d'); console.info('%s is %d', 'a', 1)
       console.log('one\\ntwo')
       process.stdout.write('raw\\nunfinished'); process.stderr.write('to stderr\\n')
     }`,
  )
  await cloud.invoke('speaks')
  const lines = cloud.lines('speaks')
  const said = lines
    .filter(line => line.includes('\t') && !/^(INIT|REPORT)/.test(line))
    .map(line => line.split('\t').slice(2))
  expect(said).toEqual([
    ['WARN', 'careful'],
    ['ERROR', 'e'],
    ['DEBUG', 'd'],
    ['INFO', 'a is 1'],
    ['INFO', 'one\ntwo'],
  ])
  expect(lines).toContain('raw')
  expect(lines.some(line => line.includes('unfinished'))).toBe(true)
  expect(lines.some(line => line.includes('to stderr'))).toBe(true)
  // All of it before the end.
  expect(lines.at(-2)).toMatch(/^END/)
})

test('a role that may not write logs leaves none', async () => {
  cloud.iam.createRole({ name: 'silent', trust })
  await cloud.make('silent', `exports.handler = async () => { console.log('heard?'); return 1 }`, {
    Role: cloud.roleArn('silent'),
  })
  expect((await cloud.invoke('silent')).result).toBe(1)
  expect(cloud.logs.groups.has('/aws/lambda/silent')).toBe(false)

  const group = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/silent:*'
  cloud.allow('silent', {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: group,
  })
  await cloud.invoke('silent')
  expect(cloud.logs.groups.has('/aws/lambda/silent')).toBe(false)

  cloud.logs.createGroup('/aws/lambda/silent')
  await cloud.invoke('silent')
  expect(cloud.lines('silent').some(line => line.endsWith('heard?'))).toBe(true)
})

test('a role that Lambda cannot assume is refused when the function is made', async () => {
  const words = 'The role defined for the function cannot be assumed by Lambda.'
  cloud.iam.createRole({
    name: 'not-for-lambda',
    trust: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    },
  })
  await expect(cloud.make('a', '', { Role: cloud.roleArn('not-for-lambda') })).rejects.toThrow(words)
  await expect(cloud.make('a', '', { Role: cloud.roleArn('nobody') })).rejects.toThrow(words)
})
