import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { house } from './run/house.ts'

const yaml: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml')
const read = (file: string): string => readFileSync(join(house, file), 'utf8')
const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
const container: Record<string, any> = JSON.parse(read('.devcontainer/devcontainer.json'))
const containerCommands = Object.entries(container)
  .filter(([name]) => name.endsWith('Command'))
  .map(([name, command]) => [name, String(command)] as const)
const workflows = readdirSync(join(house, '.github/workflows')).map(file => `.github/workflows/${file}`)
const programs = readdirSync(join(house, '.ci')).map(file => `.ci/${file}`)

const scratch = mkdtempSync(join(tmpdir(), 'wslab-ways-in-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }))

const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run )?(?!ci\b)([a-z]+)/g)].map(([, script = '']) => script)

test('the dev container installs in a prebuild, and opens the workbench on its one named port', () => {
  expect(container.updateContentCommand).toMatch(/^npm ci /)
  const [port] = container.forwardPorts
  expect(container.postAttachCommand).toBe(`npm start -- --port ${port}`)
  expect(container.portsAttributes[port].label).toMatch(/^Workbench/)
})

test('every npm script that the dev container or a workflow names exists', () => {
  const named = [...containerCommands.map(([, command]) => command), ...[...workflows, ...programs].map(read)]
  expect(named.flatMap(scriptsIn).filter(script => !scripts.includes(script))).toEqual([])
  expect(named.flatMap(scriptsIn)).toEqual(expect.arrayContaining(['start', 'doctor', 'test', 'grade']))
})

test('CI runs on three systems and three versions of Node, none older than the kit needs', () => {
  const { jobs } = yaml.load(read('.github/workflows/ci.yml')) as any
  expect(jobs.test.strategy.matrix).toEqual({
    os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
    node: [20, 22, 24],
  })
})

test('workflows and issue templates are YAML', () => {
  const templates = readdirSync(join(house, '.github/ISSUE_TEMPLATE')).map(
    file => `.github/ISSUE_TEMPLATE/${file}`,
  )
  for (const file of [...workflows, ...templates]) expect(yaml.load(read(file)), file).toBeTypeOf('object')
})

test.skipIf(process.platform === 'win32')('every shell command parses', () => {
  const wrong = [...containerCommands, ...programs.map(file => [file, read(file)] as const)].filter(
    ([, text]) => spawnSync('bash', ['-n', '-c', text]).status !== 0,
  )
  expect(wrong).toEqual([])
})

test.skipIf(process.platform === 'win32')('a push is graded for the labs whose starter it changes', () => {
  const repository = repositoryWith({
    'starter/lab1-a/stack.ts': 'one\n',
    'starter/lab2-b/stack.ts': 'two\n',
    'starter/lab2-b/handlers/say.ts': 'two\n',
  })
  const before = git(repository, 'rev-parse', 'HEAD')
  write(repository, { 'starter/lab2-b/handlers/say.ts': 'three\n', 'docs/lab1-a.md': 'words\n' })
  commit(repository)
  const changedSince = (commit: string) =>
    spawnSync('bash', [join(house, '.ci/changed-labs'), commit], { cwd: repository, encoding: 'utf8' }).stdout
  expect(changedSince(before)).toBe('lab2-b\n')
  expect(changedSince(git(repository, 'rev-parse', 'HEAD'))).toBe('')
  expect(changedSince('0'.repeat(40))).toBe('lab1-a\nlab2-b\n')
})

test('a clone with core.autocrlf=true has LF', () => {
  const repository = repositoryWith({
    '.gitattributes': read('.gitattributes'),
    'starter/lab1/stack.ts': 'one\ntwo\n',
  })
  const clone = join(scratch, 'clone')
  git(scratch, 'clone', '-q', '-c', 'core.autocrlf=true', repository, clone)
  expect(readFileSync(join(clone, 'starter/lab1/stack.ts'), 'utf8')).toBe('one\ntwo\n')
})

function repositoryWith(files: Readonly<Record<string, string>>): string {
  const repository = mkdtempSync(join(scratch, 'repository-'))
  git(repository, 'init', '-q')
  write(repository, files)
  commit(repository)
  return repository
}

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

function commit(repository: string): void {
  git(repository, 'add', '-A')
  git(repository, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', 'commit', '-qm', 'A change')
}

function git(directory: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: directory, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout.trim()
}
