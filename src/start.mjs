#!/usr/bin/env node
// The one file that runs before anything is installed: plain JavaScript, Node's own modules only.
// It sees to it that what the command needs is there, then hands over to cli.ts in this same process.
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundled, isPackage } from './bundled.mjs'
import { install, isInstalled } from './install.mjs'

// Learners' code may send this signal. Without a listener Node would open its inspector, to which anybody may connect.
process.on('SIGUSR1', () => {})

const house = fileURLToPath(new URL('../', import.meta.url))

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `This kit needs Node.js 20.19 or later; this is ${process.version}. Install a newer one from https://nodejs.org.`,
  )
  process.exit(2)
}

// In a package, which has no lock file, npm has seen to that.
if (!isPackage(house) && !isInstalled(house)) {
  console.error('Installing what the kit needs (once) …')
  if ((await install(house)) !== 0) {
    console.error(
      'npm could not install the packages; its own words stand above. Fix that, then run this command again.',
    )
    process.exit(2)
  }
}

// The AWS SDK would say in every process that its 2027 releases want a later Node; docs/architecture.md says it once.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

const ours = `${house}.wslab/cache`
const built = `${house}dist/cli.mjs`
const kit = isPackage(house) && existsSync(built) ? built : makeFolder(ours) && (await bundled(house, ours))
if (kit) await import(pathToFileURL(kit).href)
else await importSources()

/** Loads the sources as they are, with tsx. It keeps what it has compiled in the temporary folder; let that be ours. */
async function importSources() {
  const theirs = process.env.TMPDIR
  if (makeFolder(ours)) process.env.TMPDIR = ours
  const { register } = await import('tsx/esm/api')
  register()
  if (theirs === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = theirs
  await import('./cli.ts')
}

/** A house that cannot be written to is no reason to stop here: the commands that must write will say so. */
function makeFolder(path) {
  try {
    mkdirSync(path, { recursive: true })
    return true
  } catch {
    return false
  }
}
