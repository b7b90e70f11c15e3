// Runs before any TypeScript can, as start.mjs does: plain JavaScript, and esbuild when there is something to bundle.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What the commands are made of. */
const SOURCES = ['src', 'checks', 'labs']
/** What is started: the commands, the local cloud for tests, and a cloud by itself, which `bench` measures as people use it. */
const ENTRIES = ['cli.ts', 'testing/local-cloud.ts', 'bench/served-by-cloud.ts']
/** Bundles that nobody has begun to use for so long are taken away, in milliseconds. A command that still runs may load a part of its own. */
const KEPT_FOR = 24 * 60 * 60 * 1000

/** Packages that look for files of their own beside them, or start programs: they are loaded from where they are. */
const BESIDE =
  /^(aws-cdk|aws-cdk-lib|constructs|dynalite|esbuild|oxc-parser|playwright|playwright-core|tsx|typescript|vitest)(\/|$)/

/**
 * The commands in a few files of plain JavaScript: Node loads them in a fifth of the time that thousands of files take, most of them the AWS
 * SDK's. They are bundled once for each state of the sources. Answers with the file to import, the commands unless told otherwise;
 * undefined if there is no place for it.
 */
export async function bundled(house, cache, file = 'cli.mjs') {
  const name = `kit-${stateOf(house)}`
  const folder = join(cache, name)
  const entry = join(folder, file)
  if (existsSync(entry)) return entry
  const draft = `${folder}.${process.pid}`
  try {
    await bundleInto(draft, house)
    // Of two commands that bundle at the same time, one comes second: the first one's is as good.
    if (!existsSync(entry)) renameSync(draft, folder)
    dropOthers(cache, name)
    return entry
  } catch {
    // Sources that cannot be bundled are loaded one by one, and say themselves what is wrong with them.
    return existsSync(entry) ? entry : undefined
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** Whether the house is what npm has made of it for other people: the lock file is never in it. */
export const isPackage = house => !existsSync(join(house, 'package-lock.json'))

/** What the sources are like now: every path, size and time of change, and where the house stands, for the bundle knows its paths. */
function stateOf(house) {
  const state = createHash('sha256').update(`${house}\n${process.version}\n`)
  const note = path => {
    const { size, mtimeMs } = statSync(path)
    state.update(`${path} ${size} ${mtimeMs}\n`)
  }
  note(join(house, 'package.json'))
  if (!isPackage(house)) note(join(house, 'package-lock.json'))
  note(join(house, 'tsconfig.json'))
  for (const room of SOURCES) filesOf(join(house, room), note)
  return state.digest('hex').slice(0, 16)
}

function filesOf(folder, note) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) filesOf(path, note)
    else if (/(?<!\.(test|prove|fixture))\.(tsx?|mjs|css)$/.test(entry.name)) note(path)
  }
}

/**
 * The same for a package, which is somewhere else when it is used: each source finds what lies beside it from where the bundle is. What
 * is not ours stays outside, for it is installed with the package.
 */
export async function bundleForPackage(house) {
  const outdir = join(house, 'dist')
  rmSync(outdir, { recursive: true, force: true })
  await bundleInto(outdir, house, {
    packages: 'external',
    plugins: [
      whereItWas(house, path => `new URL(${JSON.stringify(fromFolder(outdir, path))}, import.meta.url).href`),
    ],
  })
}

const fromFolder = (folder, path) => relative(folder, path).split(sep).join('/')

async function bundleInto(outdir, house, settings = {}) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: house,
    entryPoints: ENTRIES.map(entry => join(house, 'src', entry)).filter(entry => existsSync(entry)),
    entryNames: '[name]',
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    // What is CommonJS inside asks for Node's modules by `require`, which a file of this kind has not.
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
    plugins: [
      whereItWas(house, path => JSON.stringify(pathToFileURL(path).href)),
      packages,
      ...(isPackage(house) ? [whatIsThere] : []),
    ],
    ...settings,
  })
}

/** Every source knows its place by `import.meta.url`: it is told the place that it had. The house itself may be under node_modules. */
const whereItWas = (house, place) => ({
  name: 'where it was',
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
      if (/[\\/]node_modules[\\/]/.test(path.slice(house.length))) return undefined
      const contents = readFileSync(path, 'utf8')
      return {
        contents: contents.replaceAll('import.meta.url', place(path)),
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }
    })
  },
})

const packages = {
  name: 'packages',
  setup(build) {
    build.onResolve({ filter: BESIDE }, ({ path }) => ({ path, external: true }))
    // What is loaded only when it is needed, Node loads: of a CommonJS package a bundle would give no names.
    build.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    )
    // `ws` would use it if it were there.
    build.onResolve({ filter: /^(bufferutil|utf-8-validate)$/ }, ({ path }) => ({ path, external: true }))
  },
}

/** In a package, what only those need who work on the kit is not installed. Commands that ask for it are not offered there. */
const whatIsThere = {
  name: 'what is there',
  setup(build) {
    build.onResolve({ filter: /^[^./#]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === whatIsThere) return undefined
      const { errors } = await build.resolve(path, { ...from, pluginData: whatIsThere })
      return errors.length > 0 ? { path, external: true } : undefined
    })
  },
}

function dropOthers(cache, name) {
  for (const other of readdirSync(cache)) {
    if (!other.startsWith('kit-') || other === name) continue
    const path = join(cache, other)
    if (Date.now() - statSync(path).mtimeMs > KEPT_FOR) rmSync(path, { recursive: true, force: true })
  }
}
