import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { type Cloud, type CloudOptions, startCloud } from '../cloud/cloud.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { layRuntime } from '../cloud/lambda/runtime-files.ts'

/**
 * A local cloud that is taken for AWS: over the wire, by an endpoint, with a profile in a home of its own. Nobody here has
 * an account; and nothing that is started in its environment can connect to anything but this machine.
 */
export interface BorrowedAccount {
  readonly cloud: Cloud
  /** The home folder, with `.aws` in it. */
  readonly home: string
  /** For what speaks to AWS by an endpoint only: the CDK, and the kit's own commands. */
  readonly env: Readonly<Record<string, string>>
  /** The same for what opens sockets as well: an API has no address but AWS's, which is led here. */
  readonly envWithSockets: Readonly<Record<string, string>>
  /** What is preloaded there. */
  readonly preloads: readonly string[]
  /** Whatever was tried that would have left this machine, a line each. */
  strayed(): readonly string[]
  stop(): Promise<void>
}

const loopbackOnly = fileURLToPath(new URL('./loopback-only.cjs', import.meta.url))

/** Opens one. Its profile is called `mine`. */
export async function borrowAccount(options: Omit<CloudOptions, 'guardian'> = {}): Promise<BorrowedAccount> {
  const guardian = startGuardian()
  const cloud = await startCloud({ ...options, guardian })
  const home = guardian.temporaryFolder('wslab-account-')
  const { accessKeyId, secretAccessKey } = cloud.credentials
  mkdirSync(join(home, '.aws'))
  writeFileSync(
    join(home, '.aws', 'credentials'),
    `[mine]\nregion = ${cloud.account.region}\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  const redirect = await layRuntime(join(home, 'runtime'))
  const port = Number(new URL(cloud.endpoint).port)
  redirect.pointTo({ port, authority: await authorityAt(port) })

  const log = join(home, 'strayed.log')
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    NO_COLOR: '1',
    AWS_ENDPOINT_URL: cloud.endpoint,
    WSLAB_WIRE_LOG: log,
    NODE_OPTIONS: `--require ${loopbackOnly}`,
  }
  return {
    cloud,
    home,
    env,
    envWithSockets: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS} --require ${redirect.preload}` },
    preloads: [loopbackOnly, redirect.preload],
    strayed: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    async stop() {
      await cloud.stop()
      await guardian.stop()
    },
  }
}

/** The door's certificate, as anybody who knocks is shown it. */
async function authorityAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  return `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`
}
