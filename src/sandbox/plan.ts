import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { house } from '../run/house.ts'

/** One thing in the root folder of a sandbox. */
export type Item =
  | { readonly kind: 'ro'; readonly from: string; readonly to: string }
  | { readonly kind: 'tmp'; readonly bytes: number; readonly to: string }
  | { readonly kind: 'dir'; readonly to: string }
  | { readonly kind: 'text'; readonly to: string; readonly words: string }
  | { readonly kind: 'link'; readonly to: string; readonly where: string }

/** Where the judge keeps its own files in a sandbox, and where the hand-in is. */
export const OURS = '/run/judge'
export const HAND_IN = '/hand-in'
/** The folder in which the kit keeps what it writes. */
export const STATE = join(house, '.wslab')

/** Rooms and files of the kit that a check reads. The repository's history is not among them: it may hold a token. */
const KIT = ['src', 'labs', 'checks', 'starter', 'solutions', 'docs', 'package.json', 'package-lock.json']
const ALSO_KIT = ['tsconfig.json', 'node_modules']
/** Of /etc what programs need in order to start. Accounts and hosts are written anew. */
const ETC = ['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', 'localtime', 'fonts', 'ssl', 'pki']
const ALSO_ETC = ['ca-certificates', 'chromium', 'chromium.d', 'nsswitch.conf', 'os-release']
/** Folders of the system's, where there are such. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store']
const ALSO_SYSTEM = ['/opt/google', '/var/cache/fontconfig']

const ACCOUNTS = 'root:x:0:0:root:/run/judge:/bin/sh\\nnobody:x:65534:65534:nobody:/:/bin/false\\n'

/** Everything that is in the root folder of a sandbox, for a hand-in in this folder and with so much room for files. */
export function planFor(handIn: string, bytes: number): readonly Item[] {
  return [
    ...SYSTEM.flatMap(system),
    ...[...ETC, ...ALSO_ETC].flatMap(name => asItIs(`/etc/${name}`)),
    { kind: 'text', to: '/etc/passwd', words: ACCOUNTS },
    { kind: 'text', to: '/etc/group', words: 'root:x:0:\\nnogroup:x:65534:\\n' },
    { kind: 'text', to: '/etc/hosts', words: '127.0.0.1 localhost\\n::1 localhost\\n' },
    { kind: 'text', to: '/etc/resolv.conf', words: '' },
    { kind: 'tmp', bytes, to: '/tmp' },
    { kind: 'tmp', bytes, to: OURS },
    { kind: 'tmp', bytes, to: '/dev/shm' },
    ...ALSO_SYSTEM.flatMap(asItIs),
    ...elsewhere(),
    ...[...KIT, ...ALSO_KIT].flatMap(name => asItIs(join(house, name))),
    { kind: 'tmp', bytes, to: STATE },
    { kind: 'dir', to: join(STATE, 'cache') },
    ...cached().flatMap(asItIs),
    { kind: 'ro', from: handIn, to: HAND_IN },
  ]
}

/** The folders of a plan that are below /tmp: the kit, for one, when it was cloned there. */
export const belowTmp = (plan: readonly Item[]): readonly string[] => {
  const paths = plan.filter(({ to }) => to.startsWith('/tmp/')).map(({ to }) => to)
  const tops = [house, ...paths].filter(path => path.startsWith('/tmp/'))
  return [...new Set(tops)].filter(path => !tops.some(top => path !== top && path.startsWith(`${top}/`)))
}

/** Node, browsers and what the kit has linked to, where they are not among the system's. */
function elsewhere(): Item[] {
  const { WSLAB_BROWSER, PATH = '' } = process.env
  const browser = WSLAB_BROWSER && dirname(real(WSLAB_BROWSER))
  const found = PATH.split(delimiter).map(folder => join(folder, 'google-chrome'))
  const folders = [
    dirname(dirname(real(process.execPath))),
    browsersFolder(),
    ...(browser ? [browser] : []),
    ...found.filter(file => existsSync(file)).map(file => dirname(real(file))),
  ]
  return [...new Set(folders)]
    .filter(folder => !SYSTEM.some(top => folder === top || folder.startsWith(`${top}/`)))
    .flatMap(asItIs)
}

/** Where Playwright keeps its browsers. */
export const browsersFolder = (): string =>
  process.env.PLAYWRIGHT_BROWSERS_PATH ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ms-playwright')

/** The bundled commands, and the old SDK: they were made before, and nobody may change them. */
function cached(): string[] {
  const cache = join(STATE, 'cache')
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .filter(name => /^kit-[0-9a-f]+$|^aws-sdk$/.test(name))
    .map(name => join(cache, name))
}

/** A folder of the system's. Many are links into /usr. */
function system(path: string): Item[] {
  if (!existsSync(path)) return []
  return lstatSync(path).isSymbolicLink()
    ? [{ kind: 'link', to: path, where: readlinkSync(path) }]
    : [{ kind: 'ro', from: path, to: path }]
}

/** Where it is on this machine. Links are followed. */
const asItIs = (path: string): Item[] =>
  existsSync(path) ? [{ kind: 'ro', from: real(path), to: path }] : []

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
