import type { ResourceType } from '../cloudformation/resource.ts'
import { listen, type Opened, type Reception } from './listen.ts'

/**
 * A plain `ws://localhost:PORT` for each host at which there are WebSockets, because a learner's wscat cannot resolve
 * `{api}.execute-api.…`, and a custom domain leads elsewhere or nowhere.
 */
export interface LocalPorts {
  /** A resource type of something with a host of its own, made so that each one comes and goes with a port. */
  around(type: ResourceType, host: Hosts): ResourceType
  /** A text with the address of every host here replaced by its local one. */
  toLocal(text: string): string
  close(): Promise<void>
}

/** Which host a resource has. */
export interface Hosts {
  of(physicalId: string): string
  /** Whether the first of them gets the port that was asked for. */
  readonly first?: boolean
}

/** A host's port, or one that waits for its host. */
interface Berth {
  host: string | undefined
  readonly opened: Opened
}

/**
 * Opens ports for hosts. A first port that is asked for is taken at once, so that a taken port is reported before
 * anything is deployed. `elsewhere` are hosts that another port stands for already.
 *
 * @throws the system's error (`EADDRINUSE`) when that port is taken.
 */
export async function openLocalPorts(
  reception: (host: string) => Reception,
  firstPort = 0,
  elsewhere: ReadonlyMap<string, number> = new Map(),
): Promise<LocalPorts> {
  const berths = new Set<Berth>()
  if (firstPort > 0) await open(firstPort)

  return {
    around: (type, { of, first = false }) => ({
      ...type,
      async create(request) {
        const made = await type.create(request)
        const berth = (first && [...berths].find(one => !one.host)) || (await open(0))
        berth.host = of(made.physicalId)
        return made
      },
      async delete(existing) {
        await type.delete?.(existing)
        const berth = [...berths].find(one => one.host === of(existing.physicalId))
        if (!berth) return
        berths.delete(berth)
        await berth.opened.close()
      },
    }),
    toLocal: text =>
      [...elsewhere, ...[...berths].map(({ host, opened }) => [host, opened.port] as const)].reduce(
        (changed, [host, port]) =>
          host === undefined
            ? changed
            : changed.replace(address(host), (_, secure) => `${LOCAL[secure]}://localhost:${port}`),
        text,
      ),
    async close() {
      await Promise.all([...berths].map(berth => berth.opened.close()))
      berths.clear()
    },
  }

  async function open(port: number): Promise<Berth> {
    const berth: Berth = {
      host: undefined,
      opened: await listen(
        {
          request: (request, response) => reception(berth.host ?? '').request(request, response),
          upgrade: (request, socket, head) => reception(berth.host ?? '').upgrade(request, socket, head),
        },
        port,
      ),
    }
    berths.add(berth)
    return berth
  }
}

const LOCAL: Readonly<Record<string, string>> = { wss: 'ws', https: 'http' }

/** A host's address in a text, but not that of another whose name goes on: `example.com` is not in `example.community`. */
const address = (host: string) =>
  new RegExp(`\\b(wss|https)://${host.replaceAll('.', '\\.')}(?::443)?(?![\\w:-]|\\.\\w)`, 'g')
