import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Guardian } from '../../cloud/guardian.ts'
import type { AwsAccount } from './account.ts'

const require = createRequire(import.meta.url)

/** What came of a run of the CDK's own command line. */
export interface CdkRun {
  readonly code: number | null
  /** All that it printed, without colours. */
  readonly output: string
}

/** What the CDK is run with. */
export interface CdkPlace {
  readonly account: AwsAccount
  readonly guardian: Guardian
  /** A folder without a cdk.json, to stand in. */
  readonly directory: string
  /** Where it may keep what it likes to remember. */
  readonly home: string
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * `cdk deploy`, as anybody would type it, with what has been synthesized. It is given the profile by name, and nothing of
 * the environment's AWS settings but where to go.
 */
export async function cdkDeploy(assembly: string, stackName: string, place: CdkPlace): Promise<CdkRun> {
  const { account, guardian, directory, home, signal } = place
  const { profile, region, endpoint } = account
  const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk')
  const asked = [
    ['deploy', stackName, '--app', assembly, '--exclusively'],
    ['--profile', profile, '--region', region],
    ['--require-approval', 'never', '--method', 'direct', '--asset-parallelism'],
    // For a log, not for somebody who watches; and nothing is fetched or reported.
    ['--progress', 'events', '--ci', '--no-color', '--no-notices', '--no-version-reporting'],
  ].flat()

  const child = spawn(process.execPath, [cli, ...asked], {
    cwd: directory,
    env: {
      ...withoutAws(process.env),
      AWS_REGION: region,
      ...(endpoint !== undefined && { AWS_ENDPOINT_URL: endpoint }),
      CDK_HOME: home,
      CDK_DISABLE_VERSION_CHECK: '1',
      CDK_DISABLE_CLI_TELEMETRY: '1',
      // Not asked for on a machine that is no EC2 instance, and a second's wait there.
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const release = guardian.watchProcess(child.pid ?? 0)
  const end = () => child.kill('SIGKILL')
  signal.addEventListener('abort', end)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  try {
    const [code] = await once(child, 'close')
    return { code, output }
  } finally {
    signal.removeEventListener('abort', end)
    release()
  }
}

/** Where AWS's two files are, and what makes TLS work, may be said in the environment; who one is, and where to go, may not. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = /^AWS_(CONFIG_FILE|SHARED_CREDENTIALS_FILE|CA_BUNDLE|SDK_.*)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^AWS_/i.test(name) || kept.test(name)))
}
