import { randomBytes, randomUUID } from 'node:crypto'
import { delimiter, join } from 'node:path'
import type { Account } from '../account.ts'
import { AwsError } from '../error.ts'
import type { Configuration } from './configuration.ts'
import { checkVariableNames } from './names.ts'
import { isPython, pythonPath } from './python.ts'

/** A role in use, as STS hands it out. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/**
 * The environment of an instance: the function's own variables and those that Lambda sets, and nothing of this
 * machine's. AWS_LAMBDA_RUNTIME_API is missing, for there is none; folders are where they are here.
 */
export function environmentOf(
  configuration: Configuration,
  instance: {
    readonly account: Account
    readonly credentials: Credentials
    readonly logStream: string
    readonly runtimeFolder: string
  },
): Record<string, string> {
  const { code, runtime } = configuration
  return {
    ...configuration.environment,
    AWS_ACCESS_KEY_ID: instance.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: instance.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: instance.credentials.sessionToken,
    AWS_REGION: instance.account.region,
    AWS_DEFAULT_REGION: instance.account.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: instance.logStream,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    _AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129',
    _AWS_XRAY_DAEMON_PORT: '2000',
    _HANDLER: configuration.handler,
    LAMBDA_TASK_ROOT: code.task,
    LAMBDA_RUNTIME_DIR: instance.runtimeFolder,
    LANG: configuration.environment.LANG ?? 'en_US.UTF-8',
    ...(isPython(runtime)
      ? { PYTHONPATH: pythonPath(configuration, instance.runtimeFolder, delimiter) }
      : { NODE_PATH: nodePath(configuration, instance.runtimeFolder) }),
    PATH: configuration.environment.PATH ?? '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: configuration.environment.TZ ?? ':UTC',
  }
}

function nodePath({ code, runtime, environment }: Configuration, runtimeFolder: string): string {
  const major = /\d+/.exec(runtime)?.[0]
  const folders = [
    join(code.layers, 'nodejs', `node${major}`, 'node_modules'),
    join(code.layers, 'nodejs', 'node_modules'),
    join(code.root, 'node_modules'),
    runtimeFolder,
    code.task,
  ]
  return environment.NODE_PATH ?? folders.join(delimiter)
}

/** Node's flags: the memory that AWS gives the heap, and the experimental features that AWS turns off unless NODE_OPTIONS asks for them. */
export function flagsOf(configuration: Configuration): string[] {
  const major = Number(/\d+/.exec(configuration.runtime)?.[0])
  const asked = configuration.environment.NODE_OPTIONS ?? ''
  const off = (feature: string, until: number) =>
    major <= until && !asked.includes(feature) && process.allowedNodeEnvironmentFlags.has(`--${feature}`)
      ? [`--no-${feature}`]
      : []
  return [
    // Nine tenths: the rest is for what Node needs besides JavaScript's heap.
    `--max-old-space-size=${Math.floor(configuration.memorySize * 0.9)}`,
    ...off('experimental-require-module', 22),
    ...(major === 20 ? [] : off('experimental-detect-module', 22)),
  ]
}

/** Throws InvalidParameterValueException when a function sets a variable that is Lambda's to set, ValidationException for a name that is none. */
export function checkEnvironment(variables: Readonly<Record<string, string>>) {
  const reserved = Object.keys(variables).filter(name => RESERVED.has(name))
  if (reserved.length > 0) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  }
  checkVariableNames(Object.keys(variables))
  // Lambda's quota.
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096) {
    throw new AwsError(
      'InvalidParameterValueException',
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    )
  }
}

const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
])

/** `2024/11/11/[$LATEST]0123456789abcdef0123456789abcdef`. */
export function logStreamName(version: string, now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`
}

/** An X-Ray header for one invocation: never sampled, for nobody collects traces here. */
export function traceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16)
  // Node draws UUIDs from a stock: bytes of their own would cost a system call at every invocation.
  const [root, rest] = [randomUUID().replaceAll('-', ''), randomUUID().replaceAll('-', '')]
  return `Root=1-${seconds}-${root.slice(8)};Parent=${rest.slice(16)};Sampled=0;Lineage=1:${rest.slice(0, 8)}:0`
}
