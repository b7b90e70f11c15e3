import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { unzipSync } from 'fflate'
import type { Objects } from '../cloudformation/resource.ts'
import { AwsError } from '../error.ts'
import type { Code } from './configuration.ts'
import { isPython } from './python.ts'

/** Node's version in the last of AWS's runtimes that has the AWS SDK v2. */
const LAST_WITH_OLD_SDK = 16

/** `Code` of AWS::Lambda::Function, or `Content` of a layer. */
export interface CodeSource {
  readonly S3Bucket?: string
  readonly S3Key?: string
  /** The source itself, not a zip: CloudFormation puts it into index.js, or index.py. */
  readonly ZipFile?: string
  /** A zip itself, as a request may bring it. */
  readonly zip?: Buffer
}

/**
 * Lays code out so that Node finds in it what it finds on AWS, with no hook: `task` holds the function, `opt` its
 * layers, and `node_modules` beside them, where the search of `task` ends, links to the layers' packages and to
 * the AWS SDK, and to nothing else.
 *
 * Throws InvalidParameterValueException when there is no such code.
 */
export function layCode(
  root: string,
  source: CodeSource,
  layers: readonly string[],
  runtime: string,
  objects: Objects,
  oldSdk?: string,
): Code {
  const task = join(root, 'task')
  const opt = join(root, 'opt')
  mkdirSync(task, { recursive: true })
  mkdirSync(opt)
  // On AWS nothing above /var/task says what kind of module a .js file is. Here the temporary folder might.
  writeFileSync(join(root, 'package.json'), '{}')
  if (source.ZipFile !== undefined) {
    writeFileSync(join(task, isPython(runtime) ? 'index.py' : 'index.js'), source.ZipFile)
  } else if (source.zip) unzipInto(task, source.zip)
  else unpack(find(objects, source), task)
  // Later layers lie over earlier ones.
  for (const layer of layers) cpSync(layer, opt, { recursive: true })

  const modules = join(root, 'node_modules')
  mkdirSync(modules)
  linkPackages(join(opt, 'nodejs', `node${/\d+/.exec(runtime)?.[0]}`, 'node_modules'), modules)
  linkPackages(join(opt, 'nodejs', 'node_modules'), modules)
  if (oldSdk && Number(/\d+/.exec(runtime)?.[0]) <= LAST_WITH_OLD_SDK) link(oldSdk, join(modules, 'aws-sdk'))
  for (const scope of sdkScopes()) {
    const to = join(modules, relative(dirname(scope), scope))
    // As a whole, unless a layer has packages of that scope: there are a hundred in it, and many functions in a stack.
    if (existsSync(to)) linkScope(scope, to)
    else link(scope, to)
  }
  const { sha256, size } = measure(task)
  return { root, task, layers: opt, sha256, size }
}

/** Lays a layer's content into a folder. Throws as `layCode` does. */
export function layLayer(folder: string, source: CodeSource, objects: Objects) {
  mkdirSync(folder, { recursive: true })
  unpack(find(objects, source), folder)
}

function find(objects: Objects, { S3Bucket, S3Key }: CodeSource) {
  try {
    return objects.find(S3Bucket ?? '', S3Key ?? '')
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError(
      'InvalidParameterValueException',
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    )
  }
}

function unpack(found: ReturnType<Objects['find']>, folder: string) {
  if (found.kind === 'directory') {
    // Links are followed, as they are when CDK packs an asset.
    cpSync(found.path, folder, { recursive: true, dereference: true })
    return
  }
  unzipInto(folder, readFileSync(found.path))
}

function unzipInto(folder: string, zip: Buffer) {
  for (const [name, bytes] of Object.entries(unzip(zip))) {
    const path = resolve(folder, name)
    if (!path.startsWith(folder + sep)) continue
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true })
      continue
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
  }
}

function unzip(zip: Buffer) {
  try {
    return unzipSync(zip)
  } catch {
    throw new AwsError(
      'InvalidParameterValueException',
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    )
  }
}

function linkPackages(from: string, to: string) {
  if (!existsSync(from)) return
  for (const name of readdirSync(from)) {
    if (name.startsWith('.')) continue
    if (name.startsWith('@')) linkScope(join(from, name), join(to, name))
    else link(join(from, name), join(to, name))
  }
}

function linkScope(from: string, to: string) {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) link(join(from, name), join(to, name))
}

function link(from: string, to: string) {
  // What was linked first is found first on AWS's NODE_PATH.
  if (!existsSync(to)) symlinkSync(realpathSync(from), to, 'junction')
}

/** The folders of the SDK's scopes in whichever node_modules this project is installed with. */
function sdkScopes(): readonly string[] {
  const folders = createRequire(import.meta.url).resolve.paths('@aws-sdk/core') ?? []
  const found = folders.find(folder => existsSync(join(folder, '@aws-sdk', 'core')))
  if (!found) return []
  return ['@aws-sdk', '@smithy', '@aws', '@aws-crypto']
    .map(scope => join(found, scope))
    .filter(scope => existsSync(scope))
}

function measure(folder: string) {
  const hash = createHash('sha256')
  let size = 0
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const path = join(folder, name)
    const stats = statSync(path)
    if (!stats.isFile()) continue
    size += stats.size
    hash.update(`${name}\n${stats.size}\n`)
    // Reading every byte of a large bundle costs more than it tells: its name already holds CDK's hash of it.
    if (stats.size < 1024 * 1024) hash.update(readFileSync(path))
  }
  return { sha256: hash.digest('base64'), size }
}
