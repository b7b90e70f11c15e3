import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGuardian } from './cloud/guardian.ts'
import type { GradeDocument } from './grade/document.ts'
import { HANG } from './machine/bounds.ts'
import { sandboxAtHand } from './sandbox/sandbox.ts'
import { eventually } from './selfproof/processes.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'

const LAB = 'lab1-missing-route'
/** Twenty-two checks take as long as twenty-two tests: what ends a hang comes later. */
const LONG = 5 * HANG
/** A word that only the programs of these hand-ins have on their command line. */
const MARK = `hostile-${process.pid}`

const guardian = startGuardian()
const atHand = await sandboxAtHand(guardian)
await guardian.stop()
const none = 'none' in atHand ? atHand.none : false

let house: SecondHouse
beforeAll(() => {
  house = secondHouse({
    limit: LONG,
    env: { ...process.env, AWS_SECRET_ACCESS_KEY: MARK, GITHUB_TOKEN: MARK },
  })
})
afterAll(() => house.remove())

/** A verdict as somebody would forge it. */
const FORGED = JSON.stringify({
  version: 1,
  lab: LAB,
  target: 'local',
  source: 'x',
  verdict: 'pass',
  criteria: [],
  ms: { synth: 1, deploy: 1, probe: 1, total: 1 },
})
const modules = `
import * as cp from 'node:child_process'
import * as fs from 'node:fs'
const quietly = (what: () => unknown) => { try { what() } catch {} }
const everybody = () => fs.readdirSync('/proc').filter(name => /^\\d+$/.test(name) && Number(name) !== process.pid)
const forged = ${JSON.stringify(FORGED)}
void [cp, fs, quietly, everybody, forged]
`

/** What runs when the stack is loaded, in front of the starter: none of it is fixed, so none of them may pass. */
const atSynth: Readonly<Record<string, string>> = {
  'a-signal': `for (const pid of [...everybody(), process.ppid]) quietly(() => process.kill(Number(pid), 'SIGUSR1'))`,
  'kills-all': `for (const pid of everybody()) quietly(() => process.kill(Number(pid), 'SIGKILL'))`,
  'kills-its-parent': `process.kill(process.ppid, 'SIGKILL')`,
  'kills-its-group': `process.kill(-process.pid, 'SIGKILL')`,
  'ends-with-zero': `process.exit(0)`,
  'says-it-passed': `console.log(forged); fs.writeSync(1, forged); fs.writeSync(2, forged)`,
  'proc-descriptors': `for (const pid of [...everybody(), 'self', process.ppid]) for (const fd of [1, 2, 3, 4, 5]) quietly(() => fs.writeFileSync('/proc/' + pid + '/fd/' + fd, forged))`,
  'proc-memory': `for (const pid of [...everybody(), process.ppid]) quietly(() => fs.openSync('/proc/' + pid + '/mem', 'r+'))`,
  'descriptor-three': `for (let fd = 3; fd < 40; fd++) quietly(() => fs.writeSync(fd, forged))`,
  'answers-for-the-worker': `process.send?.({ kind: 'done' }); process.exit(0)`,
  'writes-a-report': `for (const folder of ['../../../..', '../../..', '../..', '..', '.', '/tmp', '/hand-in']) for (const name of ['report.html', 'verdict.json', 'checks/${LAB}/criteria.ts', 'src/cli.ts', '.wslab/progress.json', 'forged'])
    quietly(() => fs.writeFileSync(folder + '/' + name, forged))`,
  'fork-bomb': `cp.execSync(${JSON.stringify(`sh -c ': ${MARK}; f() { f | f & }; f; sleep 2' 2>/dev/null || true`)}, { timeout: 5000 })`,
  'fills-the-disk': `for (const folder of ['/tmp', '.', process.env.TMPDIR ?? '/tmp', '/dev/shm']) quietly(() => { for (let n = 0; n < 4096; n++) fs.writeFileSync(folder + '/fill' + n, Buffer.alloc(1024 ** 2)) })`,
  'endless-synth': `for (;;) {}`,
  'floods-its-log': `const line = 'x'.repeat(1024 ** 2); for (let n = 0; n < 200; n++) fs.writeSync(1, line)`,
  'escapes-of-terminals': `throw new Error('\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m fixed')`,
  'stays-behind': `cp.spawn('setsid', ['sh', '-c', ${JSON.stringify(`: ${MARK}; sleep 1000`)}], { detached: true, stdio: 'ignore' }).unref()`,
  'reads-secrets': `const found = JSON.stringify(process.env) + [process.env.HOME + '/.aws/credentials', '/root/.ssh/id_rsa', '/etc/shadow', '/proc/1/environ'].map(file => { try { return fs.readFileSync(file, 'utf8') } catch { return '' } }).join('')
  throw new Error(found.includes('${MARK}') || found.includes('PRIVATE KEY') || found.includes('root:') ? 'SECRETS FOUND' : 'none found')`,
}
/** The fork bomb is not among them: it may be its own stack's process that can start no other any more. */
const UNHARMED = [
  ...['kills-all', 'proc-descriptors', 'proc-memory', 'says-it-passed', 'stays-behind'],
  'writes-a-report',
]
const endlessTypes = `
type Grow<T extends unknown[], N extends number> = T['length'] extends N ? T : Grow<[...T, unknown], N>
type Wide<A extends string> = \`\${A}\${A}\${A}\${A}\${A}\${A}\${A}\${A}\`
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
export const wide: \`\${Digit}\${Digit}\${Digit}\${Digit}\` & Wide<Digit> = '0000' as never
export const grown: Grow<[], 100000> = [] as never
`
/** A handler that does its harm when it is called, and says nothing that was asked of it. */
const inHandler = `
for (let pid = 1; pid < 2000; pid++) quietly(() => process.kill(pid, 'SIGUSR1'))
for (let pid = 2; pid < 2000; pid++) quietly(() => { if (!fs.existsSync('/proc/self/task/' + pid)) process.kill(pid, 'SIGKILL') })
for (let fd = 5; fd < 40; fd++) quietly(() => fs.writeSync(fd, forged))
quietly(() => cp.spawn('setsid', ['sh', '-c', ${JSON.stringify(`: ${MARK}; sleep 1000`)}], { detached: true, stdio: 'ignore' }).unref())
`

const text = (room: string, path: string) => readFileSync(join(house.directory, room, LAB, path), 'utf8')

test.skipIf(none)(
  `each of twenty hostile hand-ins hurts its own row only, and leaves nothing behind (${none || 'here'})`,
  async () => {
    const folder = join(house.directory, 'hand-ins')
    const put = (who: string, path: string, contents: string) => {
      mkdirSync(join(folder, who, path, '..'), { recursive: true })
      writeFileSync(join(folder, who, path), contents)
    }
    for (const who of ['0-honest', 'z-honest'])
      cpSync(join(house.directory, 'solutions', LAB), join(folder, who), {
        recursive: true,
        filter: path => !/cdk\.out|node_modules/.test(path),
      })
    for (const [who, harm] of Object.entries(atSynth))
      put(who, 'stack.ts', `${modules}\n${harm}\n${text('starter', 'stack.ts')}`)
    put('endless-types', 'stack.ts', `${text('starter', 'stack.ts')}\n${endlessTypes}`)
    const [handler] = readdirSync(join(house.directory, 'starter', LAB, 'handlers'))
    put(
      'in-a-handler',
      `handlers/${handler}`,
      `${modules}${inHandler}\n${text('starter', `handlers/${handler}`)}`,
    )
    const before = snapshot(house)

    const { stdout, stderr, code } = await house.run(
      ...['grade', 'lab1', 'hand-ins', '--json', '--jobs', '3'],
      ...['--limit', '2', '--processes', '300', '--room', '48'],
    )
    const document: GradeDocument = JSON.parse(stdout)
    const rows = Object.fromEntries(document.handIns.map(one => [one.name, one]))
    expect(document.handIns).toHaveLength(22)
    expect(stderr).toMatch(/runs in a sandbox/)
    expect(code).not.toBe(0)
    const passed = document.handIns.filter(({ grade }) => grade === 'pass').map(({ name }) => name)
    expect(passed, JSON.stringify(rows, null, 1).slice(0, 20_000)).toEqual(['0-honest', 'z-honest'])
    for (const who of passed) expect(rows[who]?.points).toBe(rows[who]?.of)
    // These have done what they could, and were judged as the starters that they are.
    for (const who of UNHARMED) expect(rows[who]?.broken?.id, who).toBe('whoami-is-true')
    // By the synth's own limit, or by that of the check on a slow machine.
    expect(rows['endless-synth']?.grade).toMatch(/^(fail|look)$/)
    expect(stdout).not.toContain('SECRETS FOUND')
    expect(JSON.stringify(rows['reads-secrets'])).toContain('none found')
    expect(stdout).not.toContain(MARK)
    for (const control of ['\u001b', '\u009b']) expect(stdout).not.toContain(control)

    expect(snapshot(house)).toEqual(before)
    expect(await eventually(() => house.leftovers().length === 0)).toBe(true)
    expect(await eventually(() => programsWith(MARK).length === 0)).toBe(true)
  },
  LONG,
)

/** What hand-ins must not change: every file of the house's rooms, and what lies beside them. */
function snapshot({ directory }: SecondHouse): readonly string[] {
  const rooms = ['src', 'checks', 'labs', 'solutions', 'starter', 'hand-ins']
  const inRooms = rooms.flatMap(room =>
    readdirSync(join(directory, room), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(file => `${file} ${readFileSync(file).length}`),
  )
  const beside = readdirSync(directory).filter(name => name !== '.wslab')
  return [...inRooms, ...beside, String(existsSync(join(directory, '.wslab', 'progress.json')))].sort()
}

/** Processes of this machine whose command line has this word. This one's has not: it says so itself. */
const programsWith = (word: string): readonly string[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
      } catch {
        return false
      }
    })
