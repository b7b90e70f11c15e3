import { randomInt } from 'node:crypto'
import type { Account } from '../account.ts'
import type { Clock } from '../clock.ts'
import type { Certificate } from '../door/certificate.ts'
import { readBlock } from '../ec2/address-block.ts'
import type { Network } from '../ec2/network.ts'
import { AwsError } from '../error.ts'
import type { Guardian } from '../guardian.ts'
import { type Front, openFront } from './front.ts'
import { type CacheServer, startServer } from './server.ts'
import type { ServerProgram } from './server-program.ts'

/** A serverless cache. */
export interface Cache {
  readonly name: string
  readonly arn: string
  readonly engine: 'valkey' | 'redis'
  /** Of the program that keeps it. */
  readonly version: string
  /** `chat-k3v9xq.serverless.use1.cache.amazonaws.com`. */
  readonly host: string
  readonly createdAt: number
}

/** What is asked for. */
export interface CacheSettings {
  readonly name: string
  readonly engine: 'valkey' | 'redis'
  readonly vpcId: string
  /** Where in the VPC it has an address. */
  readonly subnetCidr: string
  readonly groupIds: readonly string[]
}

/** The serverless caches of the account, each a server's process. */
export interface Caches {
  /** Throws ServerlessCacheAlreadyExistsFault, or an error of our own when the server does not start. */
  create(settings: CacheSettings): Promise<Cache>
  /** Puts other security groups before a cache. */
  guard(name: string, groupIds: readonly string[]): void
  delete(name: string): Promise<void>
  stop(): Promise<void>
}

/** Where a serverless cache takes connections, and where those that only read. */
export const PORT = 6379
export const READER_PORT = 6380

interface Running {
  readonly cache: Cache
  readonly server: CacheServer
  readonly front: Front
}

/** Starts without a cache. */
export function keepCaches({
  account,
  clock,
  guardian,
  network,
  certificateFor,
  program,
}: {
  readonly account: Account
  readonly clock: Clock
  readonly guardian: Guardian
  readonly network: Network
  readonly certificateFor: (hosts: readonly string[]) => Promise<Certificate>
  /** Looked for each time: somebody may have installed one. */
  readonly program: () => ServerProgram | undefined
}): Caches {
  const running = new Map<string, Running>()

  return {
    async create({ name, engine, vpcId, subnetCidr, groupIds }) {
      if (running.has(name)) {
        throw new AwsError('ServerlessCacheAlreadyExistsFault', `Serverless cache ${name} already exists.`)
      }
      const found = program()
      if (!found) throw new Error('There is no cache server on this machine any more.')
      const host = `${name}-${suffix()}.serverless.${regionCode(account.region)}.cache.${account.urlSuffix}`
      const certificate = await certificateFor([host])
      const server = await startServer(found, guardian)
      const front = await openFront(server.socket, certificate)
      const cache: Cache = {
        name,
        arn: `arn:${account.partition}:elasticache:${account.region}:${account.accountId}:serverlesscache:${name}`,
        engine,
        version: found.version,
        host,
        createdAt: clock.now(),
      }
      running.set(name, { cache, server, front })
      const ports = { [PORT]: front.port, [READER_PORT]: front.port }
      network.hosts.set(host, { host, address: freeAddress(subnetCidr), vpcId, groupIds, ports })
      network.changed()
      return cache
    },
    guard(name, groupIds) {
      const host = network.hosts.get(running.get(name)?.cache.host ?? '')
      if (!host) return
      network.hosts.set(host.host, { ...host, groupIds })
      network.changed()
    },
    async delete(name) {
      const one = running.get(name)
      if (!one) return
      running.delete(name)
      network.hosts.delete(one.cache.host)
      network.changed()
      await end(one)
    },
    async stop() {
      const all = [...running.values()]
      running.clear()
      await Promise.all(all.map(end))
    },
  }
}

/** AWS takes the first four addresses of a subnet, and a free one of the rest. */
function freeAddress(cidr: string): string {
  const { first, size } = readBlock(cidr)
  const address = first + randomInt(4, size - 1)
  return [24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join('.')
}

async function end({ front, server }: Running): Promise<void> {
  await front.close()
  await server.stop()
}

/** Six letters and digits. */
const suffix = () => Array.from({ length: 6 }, () => randomInt(36).toString(36)).join('')

/** `us-east-1` → `use1`, `ap-southeast-2` → `apse2`: as ElastiCache's names have it. */
export const regionCode = (region: string): string => {
  const [area = '', direction = '', ...number] = region.split('-')
  const short = direction.replace(/^(north|south)?(east|west)?(central)?$/, (_, ns = '', ew = '', c = '') =>
    [ns, ew, c].map(part => part.slice(0, 1)).join(''),
  )
  return `${area}${short}${number.join('')}`
}
