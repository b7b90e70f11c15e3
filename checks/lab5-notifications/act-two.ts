import { type Criterion, type Scene, type Signature, Unmet } from '#kit'
import { expiresAfter, timeToLive } from '../lab4-stale-connections/expiry.ts'
import { newcomer, text } from '../lab4-stale-connections/list.ts'
import { nothingMoreIsAllowed } from '../lab4-stale-connections/out-of-bounds.ts'
import { allowedActions, allowedResources } from '../permissions.ts'
import { rows } from '../rows.ts'
import {
  backend,
  backendCredentials,
  type Doors,
  dev,
  done,
  hear,
  hearOfNothing,
  prod,
  publish,
  publishes,
  registers,
  type Topic,
  topic,
  waiter,
} from './people.ts'

/** Act two is about a service that works: until then a client hears nothing for another reason. */
export const afterActOne = ['everybody-waiting-hears', 'bad-envelopes-are-answered', 'the-gone-are-forgotten']

/** Signs by which people join two texts to one. A merchant's name and a ref may have any of them inside. */
const SIGNS = ['', '#', ':', '/', '|', '-', '_', '.', ',']

/** The longest a connection lives, and as long as a row may stay after it was written, in seconds (facts: A36). */
const LONGEST_LIFE = 2 * 60 * 60
const LONGEST_STAY = 25 * 60 * 60

/** Act two: nobody else hears, and nobody else speaks. */
export const actTwo: readonly Criterion[] = [
  {
    id: 'nobody-else-hears',
    says: 'A page that waits for something else hears nothing: another merchant with the same ref, another ref of the same merchant',
    hint: 'docs/notifications.md#whose-ref',
    after: afterActOne,
    async probe(scene) {
      const about = topic(scene)
      const others: readonly Topic[] = [
        { ...about, merchant_id: `merchant-${scene.nonce()}` },
        { ...about, ref: scene.nonce() },
        { ...about, ref: `${about.ref}0` },
      ]
      const ana = await waiter(scene, 'ana', about)
      const [ben, cyd, dan] = [
        await waiter(scene, 'ben', others[0]!),
        await waiter(scene, 'cyd', others[1]!),
        await waiter(scene, 'dan', others[2]!),
      ]
      const by = await backend(scene)

      const message = scene.nonce()
      await publish(by, about, message)
      await hear([ana], about, message)
      await hearOfNothing([ben, cyd, dan], 'what others wait for')
      for (const [index, client] of [ben, cyd, dan].entries()) {
        await publishes(by, others[index]!, message, 1)
        await hear([client], others[index]!, message)
      }

      // Joined by that sign, what eve waits for and what is published looks the same.
      const eve = await scene.connect('eve')
      for (const sign of SIGNS)
        await registers(eve, { merchant_id: `${about.merchant_id}${sign}x`, ref: 'y' })
      for (const sign of SIGNS) await publish(by, { ...about, ref: `x${sign}y` }, message)
      await hearOfNothing([eve], 'what others wait for')
    },
    diagnoses: [
      {
        when: /^ben heard /,
        means:
          'ben, who works for another merchant, heard what ana waited for. A ref is unique for one merchant only.',
      },
      {
        when: /^eve heard /,
        means:
          'eve waits for something else that looks the same once merchant and ref are joined to one text. Whatever sign stands between them may also stand in one of them.',
      },
      {
        when: /^\w+ heard /,
        means: 'Somebody heard of a ref that they do not wait for.',
      },
      { means: 'Each of them waits for something else, and one of them was not told of their own.' },
    ],
  },
  {
    id: 'only-backends-publish',
    says: 'Nobody can make himself a backend by saying so, nor by knowing an address',
    hint: 'docs/notifications.md#who-is-a-backend',
    after: afterActOne,
    async probe(scene) {
      const about = topic(scene)
      const ana = await waiter(scene, 'ana', about)

      const mallory = await scene.connect('mallory')
      mallory.send(done(about, 'give me your password'))
      await mallory.hears(({ error }: any) => typeof error === 'string' && error.includes('client'), {
        as: '{"error":"…client…"}',
      })
      scene.did("mallory tried the backends' door without a signature")
      await staysOut(scene, 'mallory', prod)
      scene.did("mallory tried the backends' door with keys that she made up")
      await staysOut(scene, 'mallory', prod, { credentials: madeUp(scene), region: scene.region })
      await hearOfNothing([ana], 'what mallory says')

      const by = await backend(scene)
      const message = scene.nonce()
      await publishes(by, about, message, 1)
      await hear([ana], about, message)
    },
    diagnoses: [
      {
        when: /answered with 101, and the connection is open/,
        means:
          "Somebody whom nobody knows stands at the backends' door, and is let in. That a page does not mention an address keeps it secret from nobody.",
        where: { resource: 'AWS::ApiGatewayV2::Route', named: /Prod\/Backends/ },
      },
      {
        when: /\{"delivered"|^ana heard /,
        means: 'A message said that it came from a backend, and was believed.',
      },
    ],
  },
  {
    id: 'registrations-expire',
    says: 'Every registration expires, but not before its connection can have ended',
    hint: 'docs/notifications.md#rows-that-expire',
    after: afterActOne,
    async probe(scene) {
      const before = new Set((await rows(scene)).map(text))
      const client = await waiter(scene, 'ana', topic(scene))
      const ana = { client, ...(await newcomer(scene, 'ana', before)) }
      const attribute = await timeToLive(scene)
      const seconds = await expiresAfter(scene, ana, attribute)
      if (seconds >= LONGEST_LIFE && seconds <= LONGEST_STAY) return
      throw new Unmet({
        expected: `${attribute} to be at least 2 hours after ana connected, and a day at most, in seconds since 1970`,
        observed: `it is ${Math.round(seconds / 60).toLocaleString('en')} minutes after that`,
      })
    },
    diagnoses: [
      {
        when: /it is DISABLED/,
        means: 'A row stays until somebody deletes it, and $disconnect is not certain to come.',
        where: { resource: 'AWS::DynamoDB::Table' },
      },
      {
        when: /it is [\d,]{12,} minutes/,
        means: 'That is the right number for milliseconds. DynamoDB counts in seconds.',
      },
      {
        when: /it is -?\d+ minutes/,
        means:
          'A connection may live for two hours. This row goes while its client is still waiting, and from then on they wait in vain.',
      },
      { means: 'The rows of those who are gone stay.' },
    ],
  },
  {
    id: 'stages-are-apart',
    says: 'Clients in dev reach nobody in prod, and the other way round',
    hint: 'docs/notifications.md#two-stages-one-definition',
    after: [...afterActOne, 'only-backends-publish'],
    async probe(scene) {
      const about = topic(scene)
      const ana = await waiter(scene, 'ana in prod', about)
      const ben = await waiter(scene, 'ben in dev', about, dev)

      const tried = scene.nonce()
      await publishes(await backend(scene, 'the backend of dev', dev), about, tried, 1)
      await hear([ben], about, tried)
      await hearOfNothing([ana], 'what is tried out in dev')
      const message = scene.nonce()
      await publishes(await backend(scene), about, message, 1)
      await hear([ana], about, message)

      scene.did("the backend of dev tried the backends' door of prod")
      await staysOut(scene, 'the backend of dev', prod, await backendCredentials(scene, dev))
      await noRoleReachesBoth(scene)
    },
    diagnoses: [
      {
        when: /answered with 101, and the connection is open/,
        means: "The role of dev's backends opens the door of prod's.",
        where: { resource: 'AWS::IAM::Policy', named: /Dev\/Backend/ },
      },
      {
        when: /is allowed execute-api/,
        means: 'What goes wrong while something is tried out in dev could then go wrong in prod.',
      },
      {
        means: 'The two stages are not apart: one finds, or spoils, what is written down in the other.',
      },
    ],
  },
  {
    id: 'nothing-more',
    says: 'And nothing more: no function may touch what is not its own, nor read the list as a whole',
    hint: 'docs/permissions.md#and-nothing-more',
    async probe(scene) {
      await nothingMoreIsAllowed(scene)
      const { accountId, region, output } = scene
      const table = `arn:aws:dynamodb:${region}:${accountId}:table/${output('TableName')}`
      scene.did('the check asked IAM whether any role of the stack may scan the table')
      for (const role of scene.resources('AWS::IAM::Role')) {
        if ((await allowedActions(scene, role.physicalId, ['dynamodb:Scan'], table)).length === 0) continue
        throw new Unmet({
          expected: 'no role of the stack to be allowed to scan the table',
          observed: `${role.logicalId} is allowed dynamodb:Scan on ${table}`,
        })
      }
    },
    diagnoses: [
      {
        when: /is allowed dynamodb:Scan on/,
        means:
          'A scan reads the rows of all merchants to find those of one. Ask for those of one merchant and ref by these two, and the function needs no permission to read the others.',
        hint: 'docs/notifications.md#ask-do-not-search',
      },
      {
        when: /is allowed execute-api/,
        means: 'This role could post to the clients of other APIs in the account. It needs those of its own.',
      },
      { means: 'This role is allowed more than rows of its own table.' },
    ],
  },
]

/** Knocks at the backends' door with a signature that is not good, or with none. Holds if it stays shut, by a refusal and not by an accident. */
async function staysOut(scene: Scene, name: string, door: Doors, signedBy?: Signature): Promise<void> {
  const url = scene.output(door.backendUrl)
  const status = await scene.isRefused(name, signedBy ? { url, signedBy } : { url })
  if (status === 401 || status === 403) return
  throw new Unmet({
    expected: 'a refusal with 401 or 403',
    observed: `the door was shut with ${status}, which is an accident`,
  })
}

const madeUp = (scene: Scene) => ({
  accessKeyId: `AKIA${(scene.nonce() + scene.nonce()).toUpperCase()}`,
  secretAccessKey: `${scene.nonce()}${scene.nonce()}`,
})

/** Holds if each role may post to the connections of one stage at most. Asked of IAM, by simulation. Throws `Unmet`. */
async function noRoleReachesBoth(scene: Scene): Promise<void> {
  scene.did('the check asked IAM whether any role of the stack reaches the connections of both stages')
  const { accountId, region } = scene
  const connections = (stage: string) =>
    scene
      .resources('AWS::ApiGatewayV2::Api')
      .map(
        api => `arn:aws:execute-api:${region}:${accountId}:${api.physicalId}/${stage}/POST/@connections/abc=`,
      )
  const [inDev, inProd] = [connections('dev'), connections('prod')]
  for (const role of scene.resources('AWS::IAM::Role')) {
    const all = [...inDev, ...inProd]
    const reached = await allowedResources(scene, role.physicalId, 'execute-api:ManageConnections', all)
    if (!reached.some(one => inDev.includes(one)) || !reached.some(one => inProd.includes(one))) continue
    throw new Unmet({
      expected: 'no role of the stack to reach the connections of dev and those of prod',
      observed: `${role.logicalId} is allowed execute-api:ManageConnections on ${reached.join(' and ')}`,
    })
  }
}
