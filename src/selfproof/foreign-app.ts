import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { HANG } from '../machine/bounds.ts'
import { house } from '../run/house.ts'

/** An app of somebody else's in an empty folder, with the kit as a package beside its other packages. */
export interface ForeignApp {
  readonly directory: string
  /** Runs a program of one of its packages. */
  run(program: string, ...args: string[]): Promise<{ readonly code: unknown; readonly said: string }>
  /** The environment of its programs. */
  readonly env: NodeJS.ProcessEnv
  /** What they have left in the system's temporary folder, which is its own. */
  leftovers(): string[]
  remove(): void
}

/** What the example names in its package.json, and the kit does not need where it is installed. */
const OF_THE_EXAMPLE = ['vitest', 'typescript', '@types/node']

/**
 * Lays out the example of docs/examples in an empty folder, with a package of ours beside it: unpacked, or a link where it is a folder. npm would take the other packages
 * from a registry; here each is a link to that of this house, and only those are there that npm would install.
 */
export function foreignApp(ours: string, more?: string): ForeignApp {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'wslab-foreign-')))
  cpSync(join(house, 'docs', 'examples', 'chat'), directory, {
    recursive: true,
    filter: path => !/[\\/](cdk\.out|node_modules)$/.test(path),
  })
  const packages = join(directory, 'node_modules')
  const link = (from: string, name: string) => {
    const place = join(packages, name)
    mkdirSync(dirname(place), { recursive: true })
    if (!existsSync(place)) symlinkSync(realpathSync(join(from, name)), place, 'junction')
  }
  for (const name of [...installedForOthers(), ...OF_THE_EXAMPLE]) link(join(house, 'node_modules'), name)
  if (more) for (const name of ['jest', 'jest-cli']) if (existsSync(join(more, name))) link(more, name)
  const tmp = join(directory, 'tmp')
  mkdirSync(tmp)
  const env = { ...process.env, TMPDIR: tmp, HOME: directory, CDK_VALIDATION: 'false', NO_COLOR: '1' }
  for (const name of [
    'VITEST',
    'VITEST_WORKER_ID',
    'VITEST_POOL_ID',
    'NODE_ENV',
    'NODE_OPTIONS',
    'NODE_TEST_CONTEXT',
  ])
    delete (env as NodeJS.ProcessEnv)[name]

  const run: ForeignApp['run'] = (program, ...args) =>
    new Promise(resolve =>
      execFile(
        process.execPath,
        [join(directory, program), ...args],
        { cwd: directory, env, timeout: HANG, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) =>
          resolve({ code: error?.code ?? error?.signal ?? 0, said: stdout + stderr }),
      ),
    )
  if (statSync(ours).isDirectory()) symlinkSync(ours, join(packages, 'websocket-labs'), 'junction')
  else unpack(ours, packages)
  return {
    directory,
    env,
    run,
    leftovers: () => readdirSync(tmp).filter(name => name.startsWith('wslab-')),
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}

/** The packages that npm would install with ours: those at the top of the lock file that are not for development only. */
function installedForOthers(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(house, 'package-lock.json'), 'utf8'))
  return Object.entries<{ readonly dev?: boolean }>(packages).flatMap(([path, { dev }]) => {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? []
    return name && !dev && existsSync(join(house, path)) ? [name] : []
  })
}

function unpack(tarball: string, packages: string): void {
  execFileSync('tar', ['-xzf', tarball, '-C', packages])
  renameSync(join(packages, 'package'), join(packages, 'websocket-labs'))
}
