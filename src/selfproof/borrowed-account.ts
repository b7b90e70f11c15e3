import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  /**
   * For whatever is started: everything goes to the endpoint, but for sockets. An API has no address but AWS's, and that
   * is led here.
   */
  readonly env: Readonly<Record<string, string>>
  /** What is preloaded there. */
  readonly preloads: readonly string[]
  /** Whatever was tried that would have left this machine, a line each. */
  strayed(): readonly string[]
  stop(): Promise<void>
}

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
  const [loopbackOnly, socketsOnly] = ['loopback-only.cjs', 'sockets-only.cjs'].map(name => {
    cpSync(fileURLToPath(new URL(name, import.meta.url)), join(home, name))
    return join(home, name)
  })
  const preloads = [loopbackOnly!, redirect.preload, socketsOnly!]
  return {
    cloud,
    home,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      NO_COLOR: '1',
      AWS_ENDPOINT_URL: cloud.endpoint,
      NODE_OPTIONS: preloads.map(file => `--require ${file}`).join(' '),
      // Nobody can lead a browser astray like this: pages are tried elsewhere.
      WSLAB_BROWSER: join(home, 'no-browser'),
    },
    preloads,
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

/** Leads AWS's names to the borrowed account, whose certificate a browser does not know, and every other name nowhere. */
export const browserSwitches = (endpoint: string) => [
  `--host-resolver-rules=MAP *.amazonaws.com:443 127.0.0.1:${new URL(endpoint).port}, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1`,
  '--ignore-certificate-errors',
]
