import { spawnSync } from 'node:child_process'
import type { Configuration } from './configuration.ts'

/** The Python of this machine. */
export interface Python {
  readonly executable: string
  /** `3.11`. */
  readonly version: string
  /** The version of boto3, which AWS's runtimes have. */
  readonly boto3: string | undefined
}

const QUESTION = `
import json, sys
try:
    import boto3
    found = boto3.__version__
except ImportError:
    found = None
print(json.dumps({'executable': sys.executable, 'version': '%d.%d' % sys.version_info[:2], 'boto3': found}))
`

const known = new Map<string, Python | undefined>()

/** The `python3` that is found in this PATH, asked once; undefined when there is none. */
export function pythonIn(path = process.env.PATH ?? ''): Python | undefined {
  if (!known.has(path)) {
    const env = { ...process.env, PATH: path }
    const { status, stdout } = spawnSync('python3', ['-c', QUESTION], { env, encoding: 'utf8' })
    const found = status === 0 ? JSON.parse(stdout) : undefined
    known.set(path, found && { ...found, boto3: found.boto3 ?? undefined })
  }
  return known.get(path)
}

/** Whether a runtime is one of AWS's for Python. */
export const isPython = (runtime: string): boolean => /^python3\.\d+$/.test(runtime)

/** Why functions of a Python runtime cannot be run on this machine, in a sentence; undefined when they can. */
export function pythonLacks(runtime: string, path?: string): string | undefined {
  const python = pythonIn(path)
  if (!python) return `Runtime ${runtime} needs Python, and there is no python3 on this machine`
  if (python.boto3 !== undefined) return
  return `Runtime ${runtime} needs boto3, which ${python.executable} does not have: install it with \`pip install boto3\` or as the package python3-boto3`
}

/** What an instance of a Python function is started with. */
export const pythonCommand = (bootstrap: string): readonly [string, readonly string[]] => [
  pythonIn()?.executable ?? 'python3',
  [bootstrap],
]

/** Where Python looks for modules: the runtime comes first, for it has the redirection in it. */
export const pythonPath = (
  { environment }: Configuration,
  runtimeFolder: string,
  delimiter: string,
): string => [runtimeFolder, environment.PYTHONPATH].filter(Boolean).join(delimiter)
