import { readdir, readFile } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type PluginBuild } from 'esbuild'
import { isPart } from './folder.ts'
import type { Source } from './source.ts'
import { StackProblem } from './stack-problem.ts'

const CODE = /\.[cm]?[jt]sx?$/
const READ_AS_TEXT = /\.([cm]?[jt]sx?|json|html)$/

/**
 * Looks at the files themselves, before any tool does: what compiler and bundler say of these faults names another file
 * or none.
 *
 * @throws StackProblem for the first file that is empty, not UTF-8, or needs a file that is not in the hand-in.
 */
export async function lookOver(source: Source): Promise<void> {
  const files = await filesOf(source.directory)
  for (const file of files.filter(file => READ_AS_TEXT.test(file))) {
    const encoding = otherEncoding(await readFile(join(source.directory, file)))
    if (encoding) throw notUtf8(source.display(file), encoding)
  }
  const stack = await readFile(join(source.directory, 'stack.ts'), 'utf8')
  if (withoutComments(stack).trim() === '') {
    throw new StackProblem('compiles', {
      observed: `${source.display('stack.ts')} is empty.`,
      means:
        'There is no stack in it, so there is nothing to deploy. It must export a class that extends Stack.',
      where: `${source.display('stack.ts')}:1`,
    })
  }
  if (source.isHandIn) await refuseImportsFromOutside(files, source)
}

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)))
    .filter(file => file.split(/[\\/]/).every(isPart))
    .sort()
}

const withoutComments = (code: string): string => code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

/** What Windows' tools write besides UTF-8. Without a mark at the start, every other byte of English code is zero. */
function otherEncoding(content: Buffer): string | undefined {
  const [first, second] = content
  if (first === 0xff && second === 0xfe) return 'UTF-16 (little endian)'
  if (first === 0xfe && second === 0xff) return 'UTF-16 (big endian)'
  if (content.length >= 2 && first === 0) return 'UTF-16 (big endian)'
  if (content.length >= 2 && second === 0) return 'UTF-16 (little endian)'
  return undefined
}

const notUtf8 = (file: string, encoding: string): StackProblem =>
  new StackProblem('compiles', {
    observed: `${file} is encoded as ${encoding}.`,
    means: 'Node.js and the bundler read UTF-8 only. Save the file as UTF-8 and check again.',
    where: `${file}:1`,
  })

/** An import that leads out would find other files here than where it was written, or none. */
async function refuseImportsFromOutside(files: readonly string[], source: Source): Promise<void> {
  const outside: { importer: string; specifier: string }[] = []
  const hasPackage = files.includes('package.json')
  const plugin = {
    name: 'imports',
    setup: ({ onResolve }: PluginBuild) =>
      onResolve({ filter: /.*/ }, ({ kind, path, importer, resolveDir }) => {
        if (kind === 'entry-point') return undefined
        if (isOutside(path, resolveDir)) outside.push({ importer, specifier: path })
        return { path, external: true }
      }),
  }
  await build({
    entryPoints: files.filter(file => CODE.test(file)).map(file => join(source.directory, file)),
    bundle: true,
    write: false,
    outdir: source.directory,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    tsconfigRaw: {},
    plugins: [plugin],
  }).catch(() => {
    // What is no code is told by the compiler, with its line.
  })
  const problems = await Promise.all(outside.map(({ importer, specifier }) => placed(importer, specifier)))
  const [first] = problems.sort((a, b) => a.where.localeCompare(b.where, 'en', { numeric: true }))
  if (!first) return
  throw new StackProblem('compiles', {
    observed: `${first.where} imports ${first.specifier}, which leads out of the hand-in.`,
    evidence: problems.map(({ where, specifier }) => `${where} imports ${specifier}`),
    means: 'Only the files of the hand-in and the starter are checked. Put what is imported into the folder.',
    where: first.where,
  })

  function isOutside(specifier: string, from: string): boolean {
    // A name in the package.json of the kit is none of the hand-in's.
    if (specifier.startsWith('#')) return !hasPackage
    const isUrl = specifier.startsWith('file:')
    if (!isUrl && !/^\.{0,2}[\\/]|^\.{1,2}$|^[A-Za-z]:[\\/]/.test(specifier)) return false
    const way = relative(source.directory, isUrl ? fileURLToPath(specifier) : resolve(from, specifier))
    return way.startsWith('..') || isAbsolute(way)
  }

  async function placed(importer: string, specifier: string): Promise<{ where: string; specifier: string }> {
    const lines = (await readFile(importer, 'utf8')).split('\n')
    const line = lines.findIndex(text => text.includes(specifier)) + 1
    const file = source.display(relative(source.directory, importer))
    return { where: line > 0 ? `${file}:${line}` : file, specifier }
  }
}
