import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { type Client, type Scene, type Signature, Unmet } from '#kit'

/** What is waited for. */
export interface Topic {
  readonly merchant_id: string
  readonly ref: string
}

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

/** Something to wait for that nobody has waited for before. */
export const topic = (scene: Scene): Topic => ({
  merchant_id: `merchant-${scene.nonce()}`,
  ref: scene.nonce(),
})

/** The envelope of a frontend that waits. */
export const waitingFor = (about: Topic) => ({
  ...about,
  client: 'frontend',
  project: 'labs',
  type: 'report.Task',
})

/** The envelope of a backend that has done it. */
export const done = (about: Topic, message: string) => ({
  ...about,
  client: 'backend',
  project: 'labs',
  type: 'report.Task',
  status: 'done',
  message,
})

/** Somebody who connects, says what they wait for, and hears that it was written down. */
export async function waiter(scene: Scene, name: string, about: Topic, door: Doors = prod): Promise<Client> {
  const client = await scene.connect(name, { url: scene.output(door.url) })
  await registers(client, about)
  return client
}

export async function registers(client: Client, about: Topic): Promise<void> {
  client.send(waitingFor(about))
  await client.hears(
    { registered: { merchant_id: about.merchant_id, ref: about.ref } },
    { as: `{"registered":{"merchant_id":"${about.merchant_id}","ref":"${about.ref}"}}` },
  )
}

/** Credentials of the role that a stage has for its backends. Throws `Unmet` when there is no taking it. */
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
export async function publish(by: Client, about: Topic, message: string): Promise<number> {
  by.send(done(about, message))
  const { delivered } = await by.hears((answer: any) => typeof answer?.delivered === 'number', {
    as: '{"delivered":…}',
  })
  return delivered
}

/** The same. Throws `Unmet` if not so many have been told. */
export async function publishes(by: Client, about: Topic, message: string, count: number): Promise<void> {
  const delivered = await publish(by, about, message)
  if (delivered === count) return
  throw new Unmet({
    expected: `${by.name} to be told {"delivered":${count}}`,
    observed: `it was told {"delivered":${delivered}}`,
  })
}

/** Holds if all of them hear it. */
export async function hear(waiters: readonly Client[], about: Topic, message: string): Promise<void> {
  const said = { merchant_id: about.merchant_id, ref: about.ref, status: 'done', message }
  const as = JSON.stringify(said)
  const [only] = waiters
  if (only && waiters.length === 1) return void (await only.hears(said, { as }))
  // Who of them comes first is chance, so they are counted: a report that says the same each time can be compared.
  const heard = await Promise.allSettled(waiters.map(client => client.hears(said, { as })))
  const count = heard.filter(one => one.status === 'fulfilled').length
  if (count === waiters.length) return
  throw new Unmet({
    expected: `all ${waiters.length} of those who wait to hear ${as}`,
    observed: `${count} of them heard it; the others heard nothing`,
  })
}

/** Holds if none of them hears of anything that was done. They are listened to at the same time: silence takes its time. */
export async function hearOfNothing(waiters: readonly Client[], as: string): Promise<void> {
  await Promise.all(waiters.map(client => client.hearsNothing(isNotification, { as })))
}

const isNotification = (message: any): boolean => typeof message?.status === 'string'
