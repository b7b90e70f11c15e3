import type { Guardian } from '../cloud/guardian.ts'
import { openScene } from '../probe/scene.ts'
import type { Begun } from '../state/beginning.ts'
import type { LocalTarget } from '../targets/local.ts'
import { clientOf } from './client.ts'
import { connectOptions } from './connect-options.ts'
import { duration } from './duration.ts'
import type { LocalCloud, LocalCloudOptions } from './entry.cjs'
import { eventsOf } from './events.ts'
import { outputsOf } from './outputs.ts'
import { addressOf } from './stages.ts'
import { telling } from './what-happened.ts'

/** How long clients wait, in milliseconds, unless told otherwise. */
const PATIENCE = 6_000

/** Everything that tests do with a cloud that is up. */
export async function running({
  target,
  guardian,
  leftOut,
  options,
  begun,
}: {
  readonly target: LocalTarget
  readonly guardian: Guardian
  readonly leftOut: readonly string[]
  readonly options: LocalCloudOptions
  readonly begun: Begun
}): Promise<LocalCloud> {
  const { cloud } = target
  const { account, endpoint, credentials } = cloud
  const { patience = PATIENCE } = options
  const aws = { region: account.region, endpoint, credentials }
  const sdkClients = new Set<{ destroy?(): void }>()
  const events = eventsOf(cloud, patience)
  const told = <T>(wait: () => Promise<T>) => telling(cloud, events.own, wait)
  const outputs = () => outputsOf(target.deployed())
  const atFirst = await cloud.data.save()
  let scene = newScene()
  let clients = 0
  let stopping: Promise<void> | undefined

  const running: LocalCloud = {
    get outputs() {
      return outputs()
    },
    get sockets() {
      return cloud.sockets()
    },
    leftOut,
    endpoint,
    region: account.region,
    accountId: account.accountId,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: account.region,
      AWS_DEFAULT_REGION: account.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    events: {
      history: events.history,
      find: events.find,
      happens: expected => told(() => events.happens(expected)),
      subscribe: events.subscribe,
    },
    async connect(where, given = {}) {
      checkUp()
      const { name = `client ${++clients}`, ...how } = connectOptions(given, aws)
      const url = addressOf(where, cloud, outputs())
      return clientOf(await told(() => scene.scene.connect(name, { url, ...how })), told)
    },
    aws(Client, settings = {}) {
      checkUp()
      if (typeof Client !== 'function') {
        throw new TypeError(
          'aws takes a class of clients of the AWS SDK for JavaScript v3: aws(DynamoDBClient).',
        )
      }
      const client = new Client({ ...aws, ...settings })
      sdkClients.add(client as { destroy?(): void })
      return client
    },
    async advance(time) {
      checkUp()
      cloud.clock.advance(duration(time))
      await cloud.settled()
    },
    async settled() {
      await cloud.settled()
    },
    async reset() {
      checkUp()
      await scene.close()
      await cloud.settled()
      cloud.freshen()
      await cloud.data.load(atFirst)
      events.forget()
      scene = newScene()
    },
    async save(folder) {
      checkUp()
      await cloud.settled()
      await begun.save(pathOf(folder))
    },
    async load(folder) {
      checkUp()
      await cloud.settled()
      await begun.load(pathOf(folder))
    },
    stop() {
      stopping ??= takeDown()
      return stopping
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
  return running

  function newScene() {
    return openScene({
      outputs: {},
      resources: [],
      aws,
      accountId: account.accountId,
      patience,
      atRest: signal => cloud.atRest(patience, signal),
    })
  }

  function checkUp(): void {
    if (stopping) throw new Error('This cloud has been stopped.')
  }

  async function takeDown(): Promise<void> {
    try {
      await scene.close()
    } finally {
      for (const client of sdkClients) client.destroy?.()
      try {
        await begun.stop()
      } finally {
        await target.stop()
        await guardian.stop()
      }
    }
  }
}

function pathOf(folder: unknown): string {
  if (typeof folder === 'string' && folder !== '') return folder
  throw new TypeError(
    `A snapshot is in a folder: give its path, not ${JSON.stringify(folder) ?? String(folder)}.`,
  )
}
