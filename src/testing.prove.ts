import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HANG } from './machine/bounds.ts'
import { type ForeignApp, foreignApp } from './selfproof/foreign-app.ts'
import { type SecondHouse, secondHouse } from './selfproof/second-house.ts'
import { setUpJest } from './selfproof/set-up-jest.ts'
import { wscat } from './selfproof/wscat.ts'

const jest = await setUpJest()
const root = realpathSync(mkdtempSync(join(tmpdir(), 'wslab-package-')))
let house: SecondHouse
let built: ForeignApp
let unbuilt: ForeignApp
let linked: ForeignApp
beforeAll(async () => {
  house = secondHouse()
  const { code, stderr } = await house.run('package', '--out', root)
  expect(code, stderr).toBe(0)
  built = foreignApp(onlyFileIn(root), jest)
  // What npm makes of the repository by itself: for an installation from git, say.
  const plain = mkdtempSync(join(root, 'plain-'))
  execFileSync('npm', ['pack', '--pack-destination', plain], {
    cwd: house.directory,
    shell: process.platform === 'win32',
    stdio: 'pipe',
  })
  unbuilt = foreignApp(onlyFileIn(plain))
  linked = foreignApp(house.directory)
  const { code: synthesized, said } = await built.run(
    'node_modules/aws-cdk/bin/cdk',
    'synth',
    '--quiet',
    '--no-notices',
  )
  expect(synthesized, said).toBe(0)
  for (const app of [unbuilt, linked]) {
    cpSync(join(built.directory, 'cdk.out'), join(app.directory, 'cdk.out'), { recursive: true })
  }
})
afterAll(async () => {
  await house.remove()
  for (const app of [built, unbuilt, linked]) app?.remove()
  rmSync(root, { recursive: true, force: true })
})

const onlyFileIn = (folder: string): string =>
  join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? '')
const nothingIsLeft = (app: ForeignApp) => expect(app.leftovers()).toEqual([])

test('the package holds plain JavaScript, and nothing that npm would run', () => {
  const own = join(built.directory, 'node_modules', 'websocket-labs')
  expect(existsSync(join(own, 'dist', 'local-cloud.mjs'))).toBe(true)
  expect(existsSync(join(own, 'starter'))).toBe(false)
  const { scripts } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'))
  const run = /^(pre|post)?install$|^(pre|post)?prepare$|^(pre|post)pack$|^prepublish|^build$/
  expect(Object.keys(scripts).filter(name => run.test(name))).toEqual([])
})

test('its tests pass in vitest, and nothing is left', async () => {
  const { code, said } = await built.run('node_modules/vitest/vitest.mjs', 'run')
  expect(said).toMatch(/Tests {2}3 passed/)
  expect(code).toBe(0)
  nothingIsLeft(built)
})

test.skipIf(!jest)('its tests pass in Jest, and nothing is left', async () => {
  const { code, said } = await built.run('node_modules/jest/bin/jest.js')
  expect(said).toMatch(/Tests: +3 passed/)
  expect(code).toBe(0)
  nothingIsLeft(built)
})

test.each(['built', 'unbuilt', 'linked'] as const)(
  'its tests pass in node:test, with a package that is %s',
  async which => {
    const app = { built, unbuilt, linked }[which]
    const { code, said } = await app.run('test/node/chat.test.mjs')
    expect(said).toMatch(/# pass 2\n# fail 0|pass 2\n[\s\S]*fail 0/)
    expect(code, said).toBe(0)
    nothingIsLeft(app)
  },
)

test.each([
  ['an ES module', 'uses.mts', "import { type LocalCloud, localCloud } from 'websocket-labs/testing'"],
  [
    'a CommonJS module',
    'uses.cts',
    "import testing = require('websocket-labs/testing')\nconst { localCloud } = testing",
  ],
])('the declarations fit %s, without types of Node’s', async (_, file, how) => {
  writeFileSync(
    join(built.directory, file),
    `${how}
    export async function use() {
      await using cloud = await localCloud({ assembly: 'cdk.out', stacks: ['Chat'] })
      const ana = await cloud.connect('live', { query: { name: 'ana' }, subprotocols: ['chat'] })
      const { code }: { code: number } = await ana.isClosed()
      await cloud.advance('10 minutes')
      class Client { constructor(readonly configuration: { region: string }) {} }
      const { region }: { region: string } = cloud.aws(Client).configuration
      // @ts-expect-error There is no such option.
      await localCloud({ asembly: 'cdk.out' })
      return [code, region, cloud.outputs.Url, cloud.events.find({ kind: 'frame' })]
    }`,
  )
  const lib = ['--lib', 'es2022,esnext.disposable']
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', '', ...lib]
  const { code, said } = await built.run('node_modules/typescript/bin/tsc', '--ignoreConfig', ...strict, file)
  expect(said).toBe('')
  expect(code).toBe(0)
})

test('the example compiles', async () => {
  expect(await built.run('node_modules/typescript/bin/tsc', '-p', '.')).toEqual({ code: 0, said: '' })
})

test.each(['built', 'unbuilt'] as const)(
  'wslab up runs the assembly, from a package that is %s',
  async which => {
    const app = { built, unbuilt }[which]
    const program = join(app.directory, 'node_modules/websocket-labs/src/start.mjs')
    const up = spawn(process.execPath, [program, 'up', '--assembly', 'cdk.out'], {
      cwd: app.directory,
      env: app.env,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: HANG,
    })
    let said = ''
    const url = await new Promise<string>((resolve, reject) => {
      up.stdout.on('data', data => {
        said += data
        const [found] = /ws:\/\/localhost:\d+\/live/.exec(said) ?? []
        if (found && said.includes('Ctrl-C')) resolve(found)
      })
      up.once('exit', code => reject(new Error(`ended with ${code}: ${said}`)))
    })
    expect(await wscat(`${url}?name=ana`, '{"action":"nothing"}', /Forbidden/)).toContain('Forbidden')
    up.kill('SIGINT')
    const [code] = await once(up, 'exit')
    expect(code).toBe(0)
    nothingIsLeft(app)
    const { code: usage, said: words } = await app.run(
      'node_modules/websocket-labs/src/start.mjs',
      'check',
      'lab1',
    )
    expect(words).toContain('check is for the labs, which are not in this package.')
    expect(usage).toBe(3)
  },
)
