/** The part of package-lock.json (version 3) that is looked at here. */
export interface LockFile {
  packages: Record<string, LockedPackage>
}

interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** An optional package that the lock file does not know: `npm ci` refuses it, on every platform. */
export interface MissingPackage {
  readonly name: string
  readonly locked: LockedPackage
}

/**
 * The programs for other platforms that a lock file leaves out, which happens when it is written where the registry
 * holds those of a few platforms only. What npm must know of them can be read off their names.
 */
export function missingFrom({ packages }: LockFile): MissingPackage[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !foldersAbove(path).some(folder => `${folder}node_modules/${name}` in packages))
      .map(([name, range]) => ({
        name,
        locked: {
          version: range.replace(/^[\^~]/, ''),
          ...platformOf(name),
          ...(dev ? { dev } : {}),
          optional: true,
        },
      })),
  )
}

/** Where Node looks for what a package needs: in itself, then in each folder around it. */
function foldersAbove(path: string): string[] {
  const parts = path === '' ? [] : path.split('/node_modules/')
  return ['', ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/node_modules/')}/`)]
}

const systems: Readonly<Record<string, string>> = { windows: 'win32', linuxmusl: 'linux' }
const processors = /^(arm64|x64|ia32|arm|riscv64|ppc64|s390x|loong64|mips64el)$/

/** `@rollup/rollup-linux-x64-musl`: Linux, x64, musl. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const parts = (name.split('/').at(-1) ?? '').split('-')
  const os = parts.find(part =>
    /^(darwin|linux|linuxmusl|win32|windows|\w+bsd|android|sunos|aix|openharmony)$/.test(part),
  )
  const cpu = parts.find(part => processors.test(part))
  const libc = parts.some(part => part.includes('musl'))
    ? 'musl'
    : parts.some(part => part.startsWith('gnu'))
      ? 'glibc'
      : undefined
  return {
    ...(os ? { os: [systems[os] ?? os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(libc && os === 'linux' ? { libc: [libc] } : {}),
  }
}
