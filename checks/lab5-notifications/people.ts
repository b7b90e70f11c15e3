import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { awkward, type Client, named, type Scene, type Signature, Unmet } from '#kit'

/** What is waited for. */
export interface Topic {
  readonly merchant_id: string
  readonly ref: string
}

/** How the work ended, in a backend's words. */
export type Status = 'done' | 'failed'

/** The outputs by which a stage's two doors are found. */
export interface Doors {
  readonly url: string
  readonly backendUrl: string
  readonly backendRole: string
}

export const prod: Doors = { url: 'Url', backendUrl: 'BackendUrl', backendRole: 'BackendRoleArn' }
export const dev: Doors = {
  url: 'DevUrl',
  backendUrl: 'DevBackendUrl',
  backendRole: 'DevBackendRoleArn',
}

/** The most characters of a member that names something. */
export const LONGEST_NAME = 200

/** Something to wait for that nobody has waited for before, with names that are easy to read in a report. */
export const topic = (scene: Scene): Topic => ({
  merchant_id: `merchant-${scene.nonce()}`,
  ref: scene.nonce(),
})

/** How long awkward names are: a copy of one that is longer than it, and looks the same, is not too long either. */
const AWKWARD_NAME = 180

/** Something to wait for, with long names that only a faithful copy survives. */
export function awkwardTopic(): Topic {
  const name = () =>
    `${awkward({ short: true }).trimEnd()} ${named(6).join(' ')}`.slice(0, AWKWARD_NAME - 2).concat('  ')
  return { merchant_id: name(), ref: name() }
}

/** The envelope of a frontend that waits. Its project and type may be any: a page waits for a merchant and a ref. */
export const waitingFor = (about: Topic, { project = 'labs', type = 'report.Task' } = {}) => ({
  ...about,
  client: 'frontend',
  project,
  type,
})

/**
 * The envelope of a backend that has done it, or has failed. Its project and type are not those of the frontends: a page waits for a
 * merchant and a ref.
 */
export const done = (about: Topic, message: string, status: Status = 'done') => ({
  ...about,
  client: 'backend',
  project: 'Nächtliche "Läufe" \\ <2>',
  type: 'report.Task/2',
  status,
  message,
})

/** A client that connects, says what it waits for, and hears that each of these was written down. */
export async function waiter(
  scene: Scene,
  name: string,
  about: Topic | readonly Topic[],
  door: Doors = prod,
): Promise<Client> {
  const client = await scene.connect(name, { url: scene.output(door.url) })
  for (const one of [about].flat()) await registers(client, one)
  return client
}

/** Says what a client waits for. Answers with what it is told. Throws `Unmet` if that is not that it is registered. */
export async function registers(
  client: Client,
  about: Topic,
  under: { readonly project?: string; readonly type?: string } = {},
): Promise<unknown> {
  client.send(waitingFor(about, under))
  const { merchant_id, ref } = about
  return client.hears({ registered: { merchant_id, ref } })
}

/** Credentials of the role that a stage has for its backends. Throws `Unmet` when nobody can take it. */
export async function backendCredentials(scene: Scene, door: Doors = prod): Promise<Signature> {
  const RoleArn = scene.output(door.backendRole)
  const { Credentials } = await scene
    .aws(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'a-backend' }))
    .catch((error: Error) => {
      throw new Unmet({
        expected: `anyone who runs the account to be able to take the role in the output ${door.backendRole}`,
        observed: `STS answered ${error.name}: ${error.message}`,
      })
    })
  return {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
    region: scene.region,
  }
}

/** A backend that has come in by its door, with its signature. */
export async function backend(scene: Scene, name = 'the backend', door: Doors = prod): Promise<Client> {
  const signedBy = await backendCredentials(scene, door)
  return scene.connect(name, { url: scene.output(door.backendUrl), signedBy })
}

/** Says what came of something, and waits for the answer: how many have been told. */
export async function publish(by: Client, about: Topic, message: string, status?: Status): Promise<number> {
  by.send(done(about, message, status))
  const { delivered } = await by.hears((answer: any) => typeof answer?.delivered === 'number', {
    as: '{"delivered":…}',
  })
  return delivered
}

/** The same. Throws `Unmet` if not so many have been told. */
export async function publishes(
  by: Client,
  about: Topic,
  message: string,
  count: number,
  status?: Status,
): Promise<void> {
  toldOf(by, await publish(by, about, message, status), count)
}

/** Holds if a backend has been told the right number. Throws `Unmet`. */
export function toldOf(by: Client, delivered: number, count: number): void {
  if (delivered === count) return
  throw new Unmet({
    expected: `${by.name} to be told {"delivered":${count}}`,
    observed: `it was told {"delivered":${delivered}}`,
  })
}

/** Holds if all of them hear the envelope of the backend, with all its members. Throws `Unmet`. */
export async function hear(
  waiters: readonly Client[],
  about: Topic,
  message: string,
  status?: Status,
): Promise<void> {
  const said = done(about, message, status)
  const [only] = waiters
  if (only && waiters.length === 1) return void (await only.hears(said))
  // Chance decides which of them comes first. So they are counted: a report that says the same each time can be compared.
  const heard = await Promise.allSettled(waiters.map(client => client.hears(said)))
  const count = heard.filter(one => one.status === 'fulfilled').length
  if (count === waiters.length) return
  throw new Unmet({
    expected: `all ${waiters.length} of those who wait to hear ${JSON.stringify(said)}`,
    observed: `${count} of them heard it; the others heard nothing`,
  })
}

/** Holds if none of them hears of anything that was done. They are listened to at the same time, so that they share one proof. */
export async function hearOfNothing(waiters: readonly Client[], as: string): Promise<void> {
  await Promise.all(waiters.map(client => client.hearsNothing(isNotification, { as })))
}

const isNotification = (message: any): boolean => typeof message?.status === 'string'
