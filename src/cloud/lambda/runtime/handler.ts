import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runtimeError } from './errors.ts'

export type Handler = (event: unknown, context: object, callback: Callback) => unknown
export type Callback = (error?: unknown, result?: unknown) => void

const require = createRequire(import.meta.url)

/**
 * Loads the function named by a handler string, `src/index.handler` or `index.nested.handler`, the way the
 * managed runtime does: no extension, `.js` (an ES module if the nearest package.json says so), `.mjs`, `.cjs`.
 * Throws what the managed runtime throws, and whatever the module throws.
 */
export async function loadHandler(taskRoot: string, name: string): Promise<Handler> {
  if (name.includes('..')) {
    throw runtimeError(
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    )
  }
  const file = basename(name)
  const folder = name.slice(0, name.indexOf(file))
  const [, module, path] = /^([^.]*)\.(.*)$/.exec(file) ?? []
  if (module === undefined || path === undefined) throw runtimeError('MalformedHandlerName', 'Bad handler')

  const loaded = await loadModule(taskRoot, folder, module)
  const handler = path.split('.').reduce<any>((nested, key) => nested?.[key], loaded)
  if (!handler) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`)
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`)
  return handler
}

async function loadModule(taskRoot: string, folder: string, module: string): Promise<unknown> {
  try {
    const path = resolve(taskRoot, folder, module)
    const isModule = existsSync(`${path}.js`) && saysModule(dirname(path))
    return (
      requireFile(path) ||
      (!isModule && requireFile(`${path}.js`)) ||
      (isModule && (await importFile(`${path}.js`))) ||
      (await importFile(`${path}.mjs`)) ||
      requireFile(`${path}.cjs`) ||
      require(require.resolve(module, { paths: [taskRoot, join(taskRoot, folder)] }))
    )
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', error)
    if ((error as NodeJS.ErrnoException)?.code === 'MODULE_NOT_FOUND') {
      throw runtimeError('ImportModuleError', error)
    }
    throw error
  }
}

const requireFile = (path: string): unknown => existsSync(path) && require(path)
const importFile = async (path: string): Promise<unknown> =>
  existsSync(path) && (await import(pathToFileURL(path).href))

/** Whether the nearest package.json makes `.js` files ES modules. */
function saysModule(folder: string): boolean {
  if (folder.endsWith('/node_modules')) return false
  const file = join(folder, 'package.json')
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))?.type === 'module'
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error)
      return false
    }
  }
  const parent = dirname(folder)
  return parent !== folder && saysModule(parent)
}
