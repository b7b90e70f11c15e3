// Runs before any TypeScript can, as start.mjs does: plain JavaScript, and esbuild when there is something to bundle.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What the commands are made of. */
const SOURCES = ['src', 'checks', 'labs']
/** What is started: the commands, and a cloud by itself, which `bench` measures as people use it. */
const ENTRIES = ['cli.ts', 'bench/served-by-cloud.ts']
/** Bundles that nobody has begun to use for so long are taken away, in milliseconds. A command that still runs may load a part of its own. */
const KEPT_FOR = 24 * 60 * 60 * 1000

/** Packages that look for files of their own beside them, or start programs: they are loaded from where they are. */
const BESIDE =
  /^(aws-cdk|aws-cdk-lib|constructs|dynalite|esbuild|oxc-parser|playwright|playwright-core|tsx|typescript|vitest)(\/|$)/

/**
 * The commands in a few files of plain JavaScript: Node loads them in a fifth of the time that thousands of files take, most of them the AWS
 * SDK's. They are bundled once for each state of the sources. Answers with the file to import; undefined if there is no place for it.
 */
export async function bundled(house, cache) {
  const name = `kit-${stateOf(house)}`
  const folder = join(cache, name)
  const entry = join(folder, 'cli.mjs')
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

/** What the sources are like now: every path, size and time of change, and where the house stands, for the bundle knows its paths. */
function stateOf(house) {
  const state = createHash('sha256').update(`${house}\n${process.version}\n`)
  const note = path => {
    const { size, mtimeMs } = statSync(path)
    state.update(`${path} ${size} ${mtimeMs}\n`)
  }
  note(join(house, 'package-lock.json'))
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

async function bundleInto(outdir, house) {
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
    plugins: [whereItWas, packages],
  })
}

/** Every source knows its place by `import.meta.url`: it is told the place that it had. */
const whereItWas = {
  name: 'where it was',
  setup(build) {
    build.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined
      const contents = readFileSync(path, 'utf8')
      return {
        contents: contents.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }
    })
  },
}

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

function dropOthers(cache, name) {
  for (const other of readdirSync(cache)) {
    if (!other.startsWith('kit-') || other === name) continue
    const path = join(cache, other)
    if (Date.now() - statSync(path).mtimeMs > KEPT_FOR) rmSync(path, { recursive: true, force: true })
  }
}
