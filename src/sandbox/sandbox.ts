import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Guardian } from '../cloud/guardian.ts'
import type { Fence } from '../machine/fence.ts'
import { house } from '../run/house.ts'
import { workspace } from '../run/workspace.ts'
import type { Sandbox } from './inside.ts'
import { belowTmp, browsersFolder, HAND_IN, type Item, OURS, planFor, STATE } from './plan.ts'
import { whatIsWrong } from './trial.ts'

/** How much of the machine a sandbox may use. */
export interface Limits {
  /** Processes and threads: as many as other people's programs may start, all together. */
  readonly processes: number
  /** The largest file, and the room in each temporary folder. Bytes of memory, for nothing is written to a disk. */
  readonly size: number
  /** The most memory of one of their processes for its data. Bytes. */
  readonly memory: number
}

export const LIMITS: Limits = { processes: 2_048, size: 1024 ** 3, memory: 4 * 1024 ** 3 }

/** The sandbox that works on this machine, or in a sentence why there is none. */
export type AtHand = Sandbox | { readonly none: string }

/** The kernel's user of nobody's: what runs as root is given to it, so that root's files are not its own. */
const NOBODY = '65534'
/** Beside what other people's programs may have, the judge needs processes of its own, a browser's among them. */
const FOR_THE_JUDGE = 1_024

/** Finds the strongest sandbox that works, by trying it. */
export async function sandboxAtHand(guardian: Guardian, limits: Limits = LIMITS): Promise<AtHand> {
  if (process.platform !== 'linux')
    return { none: `There is no sandbox for ${process.platform}: it takes Linux.` }
  const isRoot = process.getuid?.() === 0
  const reasons: string[] = []
  // Bubblewrap does not give up root's own user. So for root it is not the first choice.
  for (const kind of isRoot ? (['unshare'] as const) : (['bwrap', 'unshare'] as const)) {
    const missing = ['unshare', 'prlimit', 'setpriv', ...(kind === 'bwrap' ? ['bwrap'] : [])].find(
      name => !programAt(name),
    )
    if (missing) {
      reasons.push(`${kind}: there is no program ${missing}`)
      continue
    }
    const sandbox = sandboxOf(kind, isRoot, guardian, limits)
    const wrong = await whatIsWrong(sandbox, guardian)
    if (wrong === undefined) return sandbox
    reasons.push(`${kind}: ${wrong}`)
  }
  return { none: `No sandbox works here (${reasons.join('; ')}).` }
}

function sandboxOf(kind: Sandbox['kind'], isRoot: boolean, guardian: Guardian, limits: Limits): Sandbox {
  return {
    kind,
    inside(handIn, args, env) {
      const root = workspace(guardian, 'root')
      const plan = planFor(handIn, limits.size)
      const program = programOf(args, isRoot, limits)
      const outer = kind === 'bwrap' ? byBwrap(plan, root) : byUnshare(root, isRoot)
      return {
        program: programAt(kind)!,
        args: [...outer, ...program],
        env: {
          ...env,
          PATH: `${env.PATH ?? ''}${delimiter}/usr/sbin:/usr/bin:/sbin:/bin`,
          // The person's home is not there. Playwright would look for its browsers in it.
          HOME: OURS,
          PLAYWRIGHT_BROWSERS_PATH: browsersFolder(),
          XDG_CACHE_HOME: undefined,
          TMPDIR: OURS,
          WSLAB_FENCE: JSON.stringify(fenceOf(plan, limits)),
          ...(kind === 'unshare' && { WSLAB_PLAN: plan.map(lineOf).join('\n') }),
        },
        clear: () => guardian.removeFolder(root),
      }
    },
  }
}

function byUnshare(root: string, isRoot: boolean): string[] {
  const spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--fork', '--kill-child']
  const enter = join(house, 'src', 'sandbox', 'enter.sh')
  return [...(isRoot ? [] : ['--user', '--map-root-user']), ...spaces, '--', '/bin/sh', enter, root]
}

function byBwrap(plan: readonly Item[], root: string): string[] {
  // Files of ours that are only in a plan have to be somewhere.
  const texts = join(root, 'texts')
  mkdirSync(texts)
  const asked = plan.flatMap((item, index): string[] => {
    if (item.kind === 'ro') return ['--ro-bind', item.from, item.to]
    if (item.kind === 'link') return ['--symlink', item.where, item.to]
    if (item.kind === 'dir') return ['--perms', '1777', '--dir', item.to]
    if (item.kind === 'tmp') return ['--perms', '1777', '--size', String(item.bytes), '--tmpfs', item.to]
    writeFileSync(join(texts, String(index)), item.words.replaceAll('\\n', '\n'))
    return ['--ro-bind', join(texts, String(index)), item.to]
  })
  const system = ['--unshare-all', '--die-with-parent', '--proc', '/proc', '--dev', '/dev']
  return [...system, '--dir', '/run/aside', ...asked, '--chdir', HAND_IN, '--']
}

/**
 * The judge has a user namespace of its own below that of the sandbox. So nothing that the sandbox has mounted can be undone,
 * and processes are counted anew.
 */
const programOf = (args: readonly string[], isRoot: boolean, limits: Limits): string[] => {
  const most = limits.processes + FOR_THE_JUDGE
  return [
    ...(isRoot ? ['setpriv', '--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--'] : []),
    ...['unshare', '--user', '--map-root-user', '--mount', `--wd=${HAND_IN}`, '--'],
    ...['prlimit', `--nproc=${most}:${most}`, '--core=0:0', '--'],
    ...[process.execPath, ...args],
  ]
}

const fenceOf = (plan: readonly Item[], { processes, size, memory }: Limits): Fence => ({
  unshare: programAt('unshare')!,
  script: join(house, 'src', 'sandbox', 'fence.sh'),
  state: STATE,
  keeps: belowTmp(plan),
  ...{ processes, size, memory },
})

function lineOf(item: Item): string {
  const words =
    item.kind === 'dir'
      ? [item.to]
      : item.kind === 'ro'
        ? [item.from, item.to]
        : item.kind === 'tmp'
          ? [item.bytes, item.to]
          : item.kind === 'text'
            ? [item.to, item.words]
            : [item.to, item.where]
  return [item.kind, ...words].join('\t')
}

/** Where a program of the system's is. */
export function programAt(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  return folders.map(folder => join(folder, name)).find(file => existsSync(file))
}

/** How to start a check without a sandbox: with nothing between it and the machine. */
export const outside: Sandbox['inside'] = (_handIn, args, env) => ({
  program: process.execPath,
  args,
  env,
  clear() {},
})
