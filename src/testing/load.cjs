'use strict'
// Finds the local cloud as plain JavaScript: as it was built for a package, or else bundled here, once for each state of the sources.
const { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join, resolve } = require('node:path')
const { runInThisContext } = require('node:vm')

const house = resolve(__dirname, '..', '..')
const FILE = 'local-cloud.mjs'

// Jest runs tests in a context of their own, with a `require` that takes no ES modules, and makes `process` and `module` look like it. Node's
// own are outside that context.
const nodes = runInThisContext('process')
const { createRequire } = nodes.getBuiltinModule('node:module')
const nodesRequire = createRequire(__filename)

let loading

exports.load = () => {
  loading ??= file().then(nodesRequire)
  return loading
}

async function file() {
  // In the kit's own repository, which has a lock file, a build may be of yesterday.
  const { bundled, isPackage } = nodesRequire('../bundled.mjs')
  const built = join(house, 'dist', FILE)
  if (isPackage(house) && existsSync(built)) return built
  const bundle = await bundled(house, cacheFolder(), FILE)
  if (bundle) return bundle
  throw new Error(
    `websocket-labs/testing could not be bundled. Are its packages installed? Look into ${join(house, 'package.json')}.`,
  )
}

/** A folder of ours, or one that goes when this process ends. */
function cacheFolder() {
  const ours = join(house, '.wslab', 'cache')
  try {
    mkdirSync(ours, { recursive: true })
    accessSync(ours, constants.W_OK)
    return ours
  } catch {
    const folder = mkdtempSync(join(tmpdir(), 'wslab-kit-'))
    nodes.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    return folder
  }
}
