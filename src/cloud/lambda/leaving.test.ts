import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { HANG } from '../../machine/bounds.ts'

const fixture = JSON.stringify(new URL('./lambda.fixture.ts', import.meta.url).href)

const run = (source: string) =>
  spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** A real process with functions: one idle, one in an endless loop, one that has started a process of its own. */
async function startHost(whatNext: string) {
  const source = `
    import { existsSync, readFileSync } from 'node:fs'
    import { lambdaForTests } from ${fixture}
    const cloud = await lambdaForTests()
    const seen = cloud.guardian.temporaryFolder('wslab-seen-')
    const make = (name, code) => cloud.make(name, code, { Timeout: 60 })
    await make('idle', 'exports.handler = async () => [process.pid, process.env.LAMBDA_RUNTIME_DIR]')
    await make('spawns', \`exports.handler = async () =>
      require('child_process').spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }).pid\`)
    await make('loops', "exports.handler = e => { require('fs').writeFileSync(e.file, String(process.pid)); for (;;); }")
    const [idle, folder] = (await cloud.invoke('idle')).result
    const spawned = (await cloud.invoke('spawns')).result
    const file = seen + '/pid'
    const endless = cloud.invoke('loops', { file })
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise(resolve => setTimeout(resolve, 10))
    const looping = Number(readFileSync(file, 'utf8'))
    console.log(JSON.stringify({ pids: [idle, spawned, looping], folder }))
    ${whatNext}`
  const host = run(source)
  const ended = new Promise(resolve => host.once('exit', resolve))
  for await (const line of createInterface(host.stdout)) {
    return { host, ended, ...(JSON.parse(line) as { pids: number[]; folder: string }) }
  }
  throw new Error('the host said nothing')
}

test('whoever kills the host leaves no instance, no grandchild and no folder behind', async () => {
  const { host, ended, pids, folder } = await startHost('await endless')
  expect(pids.map(isAlive)).toEqual([true, true, true])
  expect(existsSync(folder)).toBe(true)
  host.kill('SIGKILL')
  await ended
  await until(() => !pids.some(isAlive) && !existsSync(folder))
})

test('a host that stops its cloud in the middle of work leaves at once', async () => {
  const { ended, pids, folder } = await startHost('endless.catch(() => {}); await cloud.stop()')
  expect(await ended).toBe(0)
  await until(() => !pids.some(isAlive) && !existsSync(folder))
})

test('a queue that is polled keeps nobody from leaving', async () => {
  const source = `
    import { lambdaForTests } from ${fixture}
    const cloud = await lambdaForTests()
    await cloud.make('worker', 'exports.handler = async () => {}', { Role: cloud.roleArn('reads-queues') })
    const properties = { FunctionName: 'worker', EventSourceArn: (await cloud.queue('orders')).arn }
    await cloud.resource('AWS::Lambda::EventSourceMapping').create(cloud.request('Mapping', properties))`
  const host = run(source)
  expect(await new Promise(resolve => host.once('exit', resolve))).toBe(0)
})

function isAlive(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(holds: () => boolean) {
  const end = Date.now() + HANG
  while (!holds()) {
    if (Date.now() > end) throw new Error(`still not so: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
