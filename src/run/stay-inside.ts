/** Runs in the synth worker, too, in the world of CommonJS. */
import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'

let isInside: (path: string) => boolean = () => true
let here = ''
let isHooked = false

/**
 * From now on CDK throws, at the line that asked for it, when a function's entry or an asset is not in one of these
 * folders: it would not be there on another machine. Packages' own assets are no matter of the stack's.
 */
export function stayInside(folders: readonly string[]): void {
  here = folders[0] ?? ''
  const tops = folders.flatMap(folder => [resolve(folder), real(folder)])
  isInside = path =>
    /[\\/]node_modules[\\/]/.test(path) ||
    [resolve(path), real(path)].every(one => tops.some(top => isBelow(one, top)))
  if (!isHooked) hook()
  isHooked = true
}

/** Nothing is looked at any more. */
export function goAnywhere(): void {
  isInside = () => true
}

function hook(): void {
  const cdk = dirname(require.resolve('aws-cdk-lib/package.json'))
  const { Bundling } = require(join(cdk, 'aws-lambda-nodejs/lib/bundling.js'))
  const bundle = Bundling.bundle
  Bundling.bundle = (scope: unknown, options: { entry: string }) => {
    refuseOutside(options.entry, 'The entry of a function')
    return bundle.call(Bundling, scope, options)
  }
  const { FileSystem } = require('aws-cdk-lib')
  const fingerprint = FileSystem.fingerprint
  FileSystem.fingerprint = (path: string, options: unknown) => {
    refuseOutside(path, 'An asset')
    return fingerprint.call(FileSystem, path, options)
  }
}

function refuseOutside(path: string, what: string): void {
  if (isInside(path)) return
  const way = relative(here, path)
  // Between the line that asked for it and here there are a dozen calls of CDK's.
  Error.stackTraceLimit = 50
  throw new Error(`${what} leads out of the hand-in: ${way}`)
}

/** The path without links. What does not exist has none. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

function isBelow(path: string, top: string): boolean {
  const way = relative(top, path)
  return !way.startsWith('..') && !isAbsolute(way)
}
