import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lab1 } from '../../labs/lab1-missing-route/lab.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { house } from './house.ts'
import { publishedStarter } from './published-starter.ts'
import { findSource } from './source.ts'
import { workspace } from './workspace.ts'

const guardian = startGuardian()
afterAll(() => guardian.stop())

const HERE = { 'stack.ts': '// a fix' }

/** A folder with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const directory = workspace(guardian, 'hand-in')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

/** The source that comes of a hand-in, which reports call `given`. */
const sourceOf = (directory: string, given = 'given') =>
  findSource(lab1, { kind: 'from', directory, given }, workspace(guardian, 'source'))

/** Why it is refused; fails when it is not. */
async function refusalOf(directory: string, given?: string): Promise<string> {
  const error = await sourceOf(directory, given).then(
    () => undefined,
    error => error,
  )
  expect(error?.constructor.name, String(error)).toBe('BadSource')
  return error.message
}

test('a hand-in is laid over the published starter, whatever is in starter/', async () => {
  const source = await sourceOf(folder({ 'handlers/answer.ts': '// mine', 'more.ts': '// more' }))
  const read = (path: string) => readFileSync(join(source.directory, path), 'utf8')
  const published = await publishedStarter(lab1.id)
  expect(read('stack.ts')).toBe(published.get('stack.ts'))
  expect([read('handlers/answer.ts'), read('more.ts')]).toEqual(['// mine', '// more'])
  expect(['stack.ts', 'handlers/answer.ts', 'more.ts'].map(path => source.display(path))).toEqual([
    'starter/lab1-missing-route/stack.ts',
    'given/handlers/answer.ts',
    'given/more.ts',
  ])
})

test('where a hand-in has a file and the starter a folder, or the other way round, the hand-in counts', async () => {
  const source = await sourceOf(folder({ 'stack.ts': '// a fix', handlers: 'a file', 'app.ts/x.ts': '' }))
  expect(readFileSync(join(source.directory, 'handlers'), 'utf8')).toBe('a file')
  expect(readFileSync(join(source.directory, 'app.ts', 'x.ts'), 'utf8')).toBe('')
})

test.each(['node_modules', '.git', 'cdk.out'])(
  'a hand-in below a folder called %s counts, and one inside it does not',
  async name => {
    const directory = folder({ [`${name}/stack.ts`]: '// a fix', [`${name}/${name}/stray.ts`]: '' })
    const source = await sourceOf(join(directory, name))
    expect(readFileSync(join(source.directory, 'stack.ts'), 'utf8')).toBe('// a fix')
    expect(source.display('stack.ts')).toBe('given/stack.ts')
    expect(() => readFileSync(join(source.directory, name, 'stray.ts'))).toThrow('ENOENT')
  },
)

test.each([
  ['a ZIP unpacked into a folder of its own name', { 'ana/stack.ts': '' }, 'given/ana'],
  [
    'the whole kit',
    { 'starter/lab1-missing-route/stack.ts': '', 'solutions/lab1-missing-route/stack.ts': '' },
  ],
  [
    'a whole CDK project',
    { 'cdk.json': '{}', 'infra/stack.ts': '', 'infra/handlers/answer.ts': '' },
    'given/infra',
  ],
])(
  'given %s, the refusal names the folder that was meant',
  async (_, files, meant = 'given/starter/lab1-missing-route') => {
    expect(await refusalOf(folder(files))).toBe(
      `given holds no file of lab1-missing-route, so it would change nothing. Did you mean ${meant}?`,
    )
  },
)

test('given the folder of handlers, the refusal names the folder above it', async () => {
  const directory = folder({ 'ana/handlers/answer.ts': '' })
  const refusal = await refusalOf(join(directory, 'ana', 'handlers'), 'hand-ins/ana/handlers')
  expect(refusal).toMatch(/Did you mean hand-ins\/ana\?$/)
})

test.each([
  ['an empty folder', {}],
  ['files that are not of this lab', { 'README.md': '', 'index.ts': '' }],
])('%s changes nothing, and is refused', async (_, files) => {
  expect(await refusalOf(folder(files))).toMatch(/holds no file of lab1-missing-route.*Give the folder/)
})

test('the kit itself, given as a hand-in, is recognized', async () => {
  expect(await refusalOf(house, '.')).toMatch(/Did you mean starter\/lab1-missing-route\?$/)
})

test('a folder with thousands of files is refused before they are copied', async () => {
  const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, one) => [`notes/${one}.txt`, '']))
  expect(await refusalOf(folder({ ...HERE, ...files }))).toMatch(/holds more than 1000 files/)
})

test.runIf(process.platform !== 'win32')(
  'links that stay in the folder count as what they lead to',
  async () => {
    const directory = folder({ 'src/stack.ts': '// a fix', 'functions/answer.ts': '// mine' })
    symlinkSync('src/stack.ts', join(directory, 'stack.ts'))
    symlinkSync(join(directory, 'functions'), join(directory, 'handlers'))
    symlinkSync('/', join(directory, 'node_modules'))
    const source = await sourceOf(directory)
    expect(readFileSync(join(source.directory, 'stack.ts'), 'utf8')).toBe('// a fix')
    expect(readFileSync(join(source.directory, 'handlers/answer.ts'), 'utf8')).toBe('// mine')
    expect(source.display('handlers/answer.ts')).toBe('given/handlers/answer.ts')
  },
)

test.runIf(process.platform !== 'win32').each([
  ['a link that leads out', '../../../package.json', /given\/odd is a link that leads out of the folder/],
  ['a link to another place', '/etc', /given\/odd is a link that leads out of the folder/],
  ['a broken link', 'nowhere', /given\/odd is a link to something that does not exist/],
  ['a link to itself', 'odd', /given\/odd is a link that leads back to itself/],
  ['a link to its folder', '.', /given\/odd is a link to a folder that holds it/],
])('%s is refused with a sentence', async (_, target, words) => {
  const directory = folder(HERE)
  symlinkSync(target, join(directory, 'odd'))
  expect(await refusalOf(directory)).toMatch(words)
})

test.runIf(process.platform !== 'win32')(
  'pipes, sockets and devices are refused, and nobody waits for them',
  async () => {
    const piped = folder(HERE)
    mkdirSync(join(piped, 'handlers'))
    execFileSync('mkfifo', [join(piped, 'handlers', 'answer.ts')])
    expect(await refusalOf(piped)).toMatch(/^given\/handlers\/answer\.ts is a named pipe/)

    const withSocket = folder(HERE)
    const server = createServer().listen(join(withSocket, 'door'))
    await new Promise(resolve => server.once('listening', resolve))
    expect(await refusalOf(withSocket)).toMatch(/^given\/door is a socket/)
    server.close()
  },
)
