import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { house } from './house.ts'

/** The kit's own packages are not all there. Nobody's code is at fault. */
export class IncompleteInstallation extends Error {
  constructor(name: string) {
    super(
      `The kit's own installation is incomplete: ${name} is missing.\nRun npm ci in the kit's folder, and check again.`,
    )
    this.name = 'IncompleteInstallation'
  }
}

/** How TypeScript, Node.js and esbuild say that a module is missing. */
const MISSING = [
  /Cannot find (?:module|package) '([^']+)'/g,
  /Cannot find type definition file for '([^']+)'/g,
  /Could not resolve "([^"]+)"/g,
  /The package "([^"]+)" could not be found, and is needed by esbuild/g,
]
/** What requires what is missing, as Node.js tells it: a module of a package here. */
const OURS = join(house, 'node_modules') + sep

/**
 * Looks at why code does not compile or synthesize. A module that the code imports and that is not installed is the
 * code's fault; a package of the kit's is not.
 *
 * @throws IncompleteInstallation naming the package.
 */
export function blameTheInstallation(words: string): void {
  const names = MISSING.flatMap(pattern => [...words.matchAll(pattern)].map(([, name = '']) => name))
  for (const name of names) {
    const packages = [packageOf(name), `@types/${name}`]
    const missing = packages.find(one => kitPackages().has(one) && !isInstalled(one))
    if (missing) throw new IncompleteInstallation(missing)
  }
  const requirer = /Cannot find module '([^']+)'\s+Require stack:\s+- (\S+)/.exec(words)
  if (requirer?.[2]?.startsWith(OURS)) {
    const [, name = '', file = ''] = requirer
    throw new IncompleteInstallation(
      name.startsWith('.') ? `a file of ${packageOf(file.slice(OURS.length))}` : name,
    )
  }
}

const isInstalled = (name: string): boolean => existsSync(join(house, 'node_modules', name, 'package.json'))

/** `@aws-sdk/client-sqs` of `@aws-sdk/client-sqs/dist`. */
const packageOf = (name: string): string =>
  name
    .split(/[\\/]/)
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')

/** Every package that the kit asks for; esbuild's and TypeScript's programs are packages of their own. */
function kitPackages(): ReadonlySet<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(house, 'package.json'), 'utf8'))
  return new Set([
    ...Object.keys(dependencies),
    ...Object.keys(devDependencies),
    `@esbuild/${process.platform}-${process.arch}`,
  ])
}
