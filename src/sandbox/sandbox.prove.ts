import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { startGuardian } from '../cloud/guardian.ts'
import { listedEnvironment } from '../machine/environment.ts'
import { house } from '../run/house.ts'
import { workspace } from '../run/workspace.ts'
import { OURS, STATE } from './plan.ts'
import { LIMITS, sandboxAtHand } from './sandbox.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())
const atHand = await sandboxAtHand(guardian, { ...LIMITS, size: 16 * 1024 ** 2, processes: 60 })
const none = 'none' in atHand ? atHand.none : false

/** Runs as the judge: writes a secret, holds descriptor 3, and starts `theirs` behind the fence as a handler is started. */
const judge = (theirs: string) => `
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync, readFileSync } from 'node:fs'
const told = process.env.WSLAB_FENCE
const { fenced } = await import(${JSON.stringify(join(house, 'src/machine/fence.ts'))})
globalThis.secret = 'known-to-the-judge-' + 'only'
mkdirSync(${JSON.stringify(join(OURS, 'mine'))})
mkdirSync(${JSON.stringify(join(OURS, 'shown'))})
writeFileSync(${JSON.stringify(join(OURS, 'mine', 'note'))}, 'x')
writeFileSync(${JSON.stringify(join(OURS, 'shown', 'code'))}, 'x')
const start = fenced(
  { program: process.execPath, args: ['-e', ${JSON.stringify(theirs)}], env: { PATH: process.env.PATH, MINE: 'yes', LD_PRELOAD: '' } },
  { reads: [${JSON.stringify(join(OURS, 'shown'))}] },
)
const child = spawn(start.program, start.args, { env: start.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
let said = ''
for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { said += data })
child.on('close', (code, signal) => {
  writeFileSync(3, JSON.stringify({ said, code, signal, judge: process.pid }))
  process.exit()
})
`

interface Seen {
  readonly said: string
  readonly code: number | null
  readonly judge: number
}

async function behindTheFence(theirs: string): Promise<Seen> {
  if ('none' in atHand) throw new Error(atHand.none)
  const folder = workspace(guardian, 'sandbox-test')
  const handIn = join(folder, 'hand-in')
  mkdirSync(handIn)
  writeFileSync(join(handIn, 'judge.mts'), judge(theirs))
  const args = ['--import', join(house, 'node_modules/tsx/dist/loader.mjs'), 'judge.mts']
  const { program, env, clear, ...rest } = atHand.inside(handIn, args, listedEnvironment())
  const child = spawn(program, rest.args, { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true })
  let told = ''
  let complaints = ''
  const verdict = child.stdio[3] as Readable
  verdict.on('data', data => {
    told += data
  })
  child.stderr?.on('data', data => {
    complaints += data
  })
  await once(child, 'close')
  clear()
  guardian.removeFolder(folder)
  if (!told) throw new Error(complaints)
  return JSON.parse(told)
}

/** What learners' code can try from where it is, each thing with what came of it. */
const PRYING = `
const fs = require('fs'), net = require('net'), os = require('os')
const { execSync } = require('child_process')
const tries = (name, what) => { try { return [name, what()] } catch (error) { return [name, String(error.code ?? error.message).slice(0, 200)] } }
const pids = fs.readdirSync('/proc').filter(name => /^\\d+$/.test(name))
console.log(JSON.stringify(Object.fromEntries([
  tries('pids', () => pids),
  tries('ppid', () => process.ppid),
  tries('killsJudge', () => { const threads = fs.readdirSync('/proc/self/task'); let hit = 0; for (let pid = 2; pid < 400; pid++) try { if (!threads.includes(String(pid))) { process.kill(pid, 0); hit++ } } catch {} return hit }),
  tries('secret', () => fs.readFileSync('/proc/0/mem')),
  tries('descriptors', () => fs.readdirSync('/proc/self/fd').map(fd => { try { return fd > 2 ? fs.readlinkSync('/proc/self/fd/' + fd) : '' } catch { return '' } })),
  tries('unmount', () => execSync('umount /proc 2>&1').toString()),
  tries('deeper', () => execSync('unshare -U -r -m sh -c "umount /proc && ls /proc" 2>&1').toString()),
  tries('ours', () => fs.readdirSync(${JSON.stringify(OURS)})),
  tries('writesShown', () => fs.writeFileSync(${JSON.stringify(join(OURS, 'shown', 'code'))}, 'y')),
  tries('writesState', () => fs.writeFileSync(${JSON.stringify(join(STATE, 'x'))}, 'y')),
  tries('writesKit', () => fs.writeFileSync(${JSON.stringify(join(house, 'checks', 'x'))}, 'y')),
  tries('git', () => fs.readdirSync(${JSON.stringify(join(house, '.git'))})),
  tries('home', () => fs.readdirSync(${JSON.stringify(homedir())})),
  tries('sysctl', () => fs.writeFileSync('/proc/sys/kernel/core_pattern', 'x')),
  tries('environment', () => Object.keys(process.env)),
  tries('caps', () => /CapEff:\\t(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]),
  tries('interfaces', () => Object.keys(os.networkInterfaces())),
  tries('tmp', () => { fs.writeFileSync('/tmp/mine', 'x'); return fs.readdirSync('/tmp').filter(name => name !== ${JSON.stringify(house.split('/')[2])}) }),
])))`

test.skipIf(none)(
  `code behind the fence sees no process, file, right or network of the judge's (${none || 'here'})`,
  async () => {
    const { said } = await behindTheFence(PRYING)
    const seen = JSON.parse(said)
    expect(seen).toMatchObject({
      pids: ['1'],
      ppid: 0,
      killsJudge: 0,
      secret: 'ENOENT',
      // The judge's descriptor 3 is a socket.
      descriptors: expect.not.arrayContaining([expect.stringMatching(/^socket/)]),
      ours: ['shown'],
      writesShown: 'EROFS',
      writesState: 'EROFS',
      writesKit: 'EROFS',
      sysctl: expect.stringMatching(/EROFS|EACCES|EPERM/),
      caps: '0000000000000000',
      interfaces: ['lo'],
      tmp: expect.arrayContaining(['mine']),
    })
    expect(seen.unmount).toMatch(/failed|must be superuser/i)
    expect(seen.deeper).toMatch(/failed|denied|read-only/i)
    expect(seen.environment).toEqual(expect.arrayContaining(['MINE', 'PATH']))
    expect(seen.environment.filter((name: string) => /WSLAB|AWS/.test(name))).toEqual([])
    if (existsSync(join(house, '.git'))) expect(seen.git).toBe('ENOENT')
    expect(seen.home).toBe('ENOENT')
  },
)

test.skipIf(none)('a server of this machine is out of reach', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const { said } = await behindTheFence(
    `require('net').connect(${port}, '127.0.0.1').on('connect', () => console.log('reached')).on('error', error => console.log(error.code))`,
  )
  server.close()
  expect(said.trim()).toBe('ECONNREFUSED')
})

test.skipIf(none)('a fork bomb comes to the limit, and ends with its process', async () => {
  const { said } = await behindTheFence(`
    const { spawn } = require('child_process')
    let started = 0
    const more = () => { const child = spawn('sleep', ['1000']); child.on('error', error => { console.log(error.code, started); process.exit() }); child.on('spawn', () => { started++; more() }) }
    more()`)
  expect(said).toMatch(/^EAGAIN \d+/)
  expect(Number(said.split(' ')[1])).toBeLessThan(60)
})

test.skipIf(none)('a disk cannot be filled beyond the room that there is', async () => {
  const { said } = await behindTheFence(`
    const fs = require('fs')
    let written = 0
    try { for (let n = 0; ; n++) { fs.writeFileSync('/tmp/' + n, Buffer.alloc(1024 ** 2)); written++ } } catch (error) { console.log(error.code, written) }`)
  expect(said).toMatch(/^ENOSPC (1[0-6])\n/)
})

test.skipIf(none)('nothing of a sandbox is left behind', () => {
  const work = join(house, '.wslab', 'work')
  expect(readdirSync(work).filter(name => /^(root|trial|sandbox-test)-/.test(name))).toEqual([])
})
