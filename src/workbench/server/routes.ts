import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { LocalTarget } from '../../targets/local.ts'
import type { Bench } from './bench.ts'
import { openInEditor } from './editor.ts'
import { Refusal } from './http.ts'
import type { openInside } from './inside.ts'
import { comparison, document, hintsOf, nextHint, story } from './lessons.ts'

/** What a page asks for by its address, and what it asks to be done. */
export interface Asked {
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
}

/** By method and path. */
export type Routes = Readonly<Record<string, (asked: Asked) => unknown>>

/** The longest time that may pass at once, in milliseconds: a day. */
const MOST_TIME = 24 * 3_600_000

/** Everything that a page may ask, and may ask to be done. */
export function routesOf(
  bench: Bench,
  target: LocalTarget,
  inside: ReturnType<typeof openInside>,
  connectionOf: (client: string) => string | undefined,
): Routes {
  const { cloud } = target
  const looks = {
    tables: () => inside.tables(),
    queues: () => inside.queues(),
    topics: () => inside.topics(),
    functions: () => inside.functions(),
    apis: () => inside.apis(),
    roles: () => inside.roles(),
    entrances: () => inside.entrances(),
    stages: () => inside.stages(),
  }
  return {
    'GET /api/story': ({ query }) => story(bench.lab(query.get('lab'))),
    'GET /api/read': ({ query }) => document(query.get('place') ?? ''),
    'GET /api/hints': ({ query }) => hintsOf(bench.lab(query.get('lab'))),
    'POST /api/hints': async ({ body }) => {
      const lab = bench.lab(body.lab)
      await nextHint(lab)
      return hintsOf(lab)
    },
    'GET /api/comparison': ({ query }) => comparison(bench.lab(query.get('lab')), query.has('spoil')),
    'POST /api/check': ({ body }) => bench.check(bench.lab(body.lab)),
    'POST /api/watch': ({ body }) => bench.watch(body.lab === null ? undefined : bench.lab(body.lab)),
    'POST /api/up': ({ body }) =>
      bench.putUp(bench.lab(body.lab), body.solution === true ? 'solution' : 'starter'),
    'POST /api/down': () => bench.takeDown(),
    'POST /api/clock': ({ body }) => {
      const ms = Number(body.ms)
      if (!(ms > 0 && ms <= MOST_TIME)) throw new Refusal('The clock moves forward, by a day at most.', 400)
      bench.moveClock(ms)
    },
    'POST /api/close': async ({ body }) => {
      const connectionId = connectionOf(String(body.client))
      if (connectionId === undefined) throw new Refusal('This client is no longer connected.', 410)
      // Which API has a connection is not told by its id.
      for (const socket of cloud.sockets()) {
        const client = new ApiGatewayManagementApiClient({
          region: cloud.account.region,
          endpoint: socket.replace(/^ws/, 'http'),
          credentials: cloud.credentials,
        })
        try {
          return await client
            .send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
            .then(() => null)
        } catch (error) {
          if ((error as Error).name !== 'GoneException') throw error
        } finally {
          client.destroy()
        }
      }
      throw new Refusal('This client is no longer connected.', 410)
    },
    ...Object.fromEntries(Object.entries(looks).map(([name, look]) => [`GET /api/inside/${name}`, look])),
    'GET /api/inside/logs': ({ query }) => inside.logs(query.get('group') ?? ''),
    'GET /api/inside/role': ({ query }) => inside.role(query.get('name') ?? ''),
    'POST /api/inside/messages': ({ body }) => inside.messages(String(body.url)),
    'POST /api/editor': ({ body }) => openInEditor(String(body.where)),
    'POST /api/sign-in': ({ body }) =>
      inside.signIn(String(body.poolId), String(body.clientId), String(body.name)),
    'POST /api/inside/may': ({ body }) =>
      inside.may(String(body.role), String(body.action), String(body.resource)),
  }
}
