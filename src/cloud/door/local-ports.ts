import type { Account } from '../account.ts'
import type { ResourceType } from '../cloudformation/resource.ts'
import { listen, type Opened, type Reception } from './listen.ts'

/** A plain `ws://localhost:PORT` for each API, because a learner's wscat cannot resolve `{api}.execute-api.…`. */
export interface LocalPorts {
  /** The resource type of an API, made so that each API comes and goes with a port of its own. */
  around(apiType: ResourceType): ResourceType
  /** A text with the address of every API here replaced by its local one. */
  toLocal(text: string): string
  close(): Promise<void>
}

/** An API's port, or one that waits for its API. */
interface Berth {
  apiId: string | undefined
  readonly opened: Opened
}

/**
 * Opens ports for APIs. A first port that is asked for is taken at once, so that whoever finds it taken is told before
 * anything is deployed.
 *
 * @throws the system's error (`EADDRINUSE`) when that port is taken.
 */
export async function openLocalPorts(
  reception: (apiId: string) => Reception,
  { region, urlSuffix }: Account,
  firstPort = 0,
): Promise<LocalPorts> {
  const berths = new Set<Berth>()
  if (firstPort > 0) await open(firstPort)

  return {
    around: type => ({
      ...type,
      async create(request) {
        const api = await type.create(request)
        const berth = [...berths].find(one => !one.apiId) ?? (await open(0))
        berth.apiId = api.physicalId
        return api
      },
      async delete(existing) {
        await type.delete?.(existing)
        const berth = [...berths].find(one => one.apiId === existing.physicalId)
        if (!berth) return
        berths.delete(berth)
        await berth.opened.close()
      },
    }),
    toLocal: text =>
      [...berths].reduce(
        (changed, { apiId, opened }) =>
          changed
            .replaceAll(`wss://${apiId}.execute-api.${region}.${urlSuffix}`, `ws://localhost:${opened.port}`)
            .replaceAll(
              `https://${apiId}.execute-api.${region}.${urlSuffix}`,
              `http://localhost:${opened.port}`,
            ),
        text,
      ),
    async close() {
      await Promise.all([...berths].map(berth => berth.opened.close()))
      berths.clear()
    },
  }

  async function open(port: number): Promise<Berth> {
    const berth: Berth = {
      apiId: undefined,
      opened: await listen(
        {
          request: (request, response) => reception(berth.apiId ?? '').request(request, response),
          upgrade: (request, socket, head) => reception(berth.apiId ?? '').upgrade(request, socket, head),
        },
        port,
      ),
    }
    berths.add(berth)
    return berth
  }
}
