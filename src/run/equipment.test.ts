import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Target, Unmet } from '#kit'
import { startGuardian } from '../cloud/guardian.ts'
import { HANG } from '../machine/bounds.ts'
import { openScene } from '../probe/scene.ts'
import { NoBrowser } from './browser.ts'
import { equipment } from './equipment.ts'
import { house } from './house.ts'
import { keptBrowser } from './kept-browser.ts'
import { missing } from './needs.ts'

const guardian = startGuardian()
const browser = keptBrowser(guardian)
const folder = guardian.temporaryFolder('equipment-test-', workspaceFolder())
const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
await once(sockets, 'listening')
const Url = `ws://127.0.0.1:${(sockets.address() as { port: number }).port}/live`
sockets.on('connection', (socket: WebSocket) =>
  socket.on('message', data => (String(data) === 'go' ? socket.close(1009) : socket.send(`echo ${data}`))),
)
const files = {
  'page.html': `<!doctype html><p id="p">waiting</p><script type="module" src="./page.js"></script>`,
  'page.js': `
    const socket = new WebSocket(new URLSearchParams(location.search).get('url'))
    socket.onopen = () => socket.send('hello')
    socket.onmessage = ({ data }) => { document.querySelector('#p').textContent = data; socket.send('go') }
    socket.onclose = ({ code }) => console.log('closed', code)`,
  'greet.ts': `
    const name: string = process.argv[2]!
    console.log(JSON.stringify({ hello: name, from: process.env.FROM, secret: process.env.AWS_PROFILE }))
    process.stdin.once('data', text => { console.error('was told', String(text).trim()); process.exit(3) })`,
  'endless.mjs': 'console.log(process.pid); setInterval(() => {}, 1000)',
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)

afterAll(async () => {
  await browser.close()
  sockets.close()
  for (const socket of sockets.clients) socket.terminate()
  await guardian.stop()
})

/** A scene on a socket that echoes, in front of the files above. */
const stage = (patience = HANG) =>
  openScene(
    {
      outputs: { Url },
      resources: [],
      aws: { region: 'us-east-1', credentials: {} },
      accountId: '1',
      patience,
    },
    equipment(folder, browser, guardian),
  )

test('a page of the code under test is opened in a browser, and its frames, console and closes are noted', async () => {
  const { scene, transcript, close } = stage()
  const ana = await scene.page('ana', { file: 'page.html', query: { url: `${Url}?token=secret` } })
  await ana.sends('hello')
  await ana.hears('echo hello')
  await ana.shows('echo hello')
  await ana.logs('closed 1009')
  await ana.losesSocket()
  await close()
  // Which of the last two is told first is the browser's affair.
  expect([...transcript.frames].sort()).toEqual(
    [
      `ana's page opened a socket to ${Url}`,
      'ana > hello',
      'ana < echo hello',
      'ana > go',
      "ana's socket was closed",
      "ana's console: closed 1009",
    ].sort(),
  )
})

test('a script that imports packages runs in an empty page, and what it fails with is noted', async () => {
  const { scene, close } = stage()
  const script = `import { print } from 'graphql'; console.log(typeof print); new WebSocket('${Url}').send('early')`
  const ana = await scene.page('ana', { script })
  await ana.logs('function')
  await ana.logs((line: string) => line.startsWith('InvalidStateError'))
  await close()
})

test('what a page does not do is unmet, and so is a page or a program that is not there', async () => {
  const { scene, close } = stage(100)
  const ana = await scene.page('ana', { file: 'page.html', query: { url: Url } })
  for (const [wait, words] of [
    [() => ana.hears('something else'), 'ana to hear "something else"'],
    [() => ana.sends('something else'), 'ana to send "something else"'],
    [() => ana.shows('something else'), 'ana\'s page to show "something else"'],
    [() => scene.page('ben', { file: 'no.html' }), 'a page no.html'],
    [() => scene.run('ben', 'no.mjs'), 'a program no.mjs'],
  ] as const) {
    const error = await (wait() as Promise<unknown>).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Unmet)
    expect(error).toMatchObject({ expected: words })
  }
  await close()
})

test('a TypeScript program is given arguments, its own environment only, and lines; its exit code is seen', async () => {
  const { scene, transcript, close } = stage()
  const job = await scene.run('the job', 'greet.ts', { args: ['ana'], env: { FROM: 'here' } })
  expect(await job.prints({ hello: 'ana', from: 'here' })).not.toHaveProperty('secret')
  job.write('that is all')
  await job.prints('was told that is all')
  expect(await job.ends({ code: 3 })).toBe(3)
  const error = await job.ends({ code: 0 }).catch(reason => reason)
  expect(error).toMatchObject({
    expected: 'the job to end with exit code 0',
    observed: 'it ended with exit code 3',
  })
  await close()
  expect(transcript.frames.at(-1)).toBe('the job ended with exit code 3')
})

test('a program that never ends is ended with the scene', async () => {
  const { scene, close } = stage()
  const job = await scene.run('the job', 'endless.mjs')
  const pid = await job.prints((line: unknown) => typeof line === 'number')
  await close()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('neither the browser nor its profile outlives a process that is killed', async () => {
  const TMPDIR = guardian.temporaryFolder('equipment-test-')
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', ENDLESS], {
    cwd: house,
    env: { ...process.env, TMPDIR },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [pid] = await once(child.stdout, 'data')
  const profiles = () => readdirSync(TMPDIR).filter(name => name.startsWith('wslab-browser-'))
  expect(profiles()).toHaveLength(1)
  child.kill('SIGKILL')
  await expect.poll(() => profiles().length > 0 || isAlive(Number(pid))).toBe(false)
})

test('a machine on which no browser starts, or a target without a clock, is said to be the reason', async () => {
  const target = { name: 'aws', can: new Set() } as unknown as Target
  const none = { open: () => Promise.reject(new NoBrowser('none')), close: async () => {} }
  expect(await missing([], target, none)).toBeUndefined()
  expect(await missing(['browser'], target, none)).toBe(
    'Not checked here: no browser starts on this machine; npm run doctor says more.',
  )
  expect(await missing(['browser'], target, browser)).toBeUndefined()
  expect(await missing(['clock'], target, none)).toBe('Not checked on aws: it cannot move the clock.')
})

/** Starts a kept browser, says which process it is, and never ends. */
const ENDLESS = `
  import { startGuardian } from './src/cloud/guardian.ts'
  import { keptBrowser } from './src/run/kept-browser.ts'
  const browser = await keptBrowser(startGuardian()).open()
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  console.log(processInfo.find(one => one.type === 'browser').id)
  setInterval(() => {}, 1000)
`

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Inside the house, as the copy of a hand-in is: only from there are packages found. */
function workspaceFolder(): string {
  const parent = join(house, '.wslab', 'work')
  mkdirSync(parent, { recursive: true })
  return parent
}
