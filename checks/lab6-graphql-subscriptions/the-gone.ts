import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Scene } from '#kit'
import { isAmong, type Row, rows } from '../rows.ts'
import { introduced, NEWER } from './act-1.ts'
import { aMessage, publish } from './said.ts'
import { subscriber } from './subscriber.ts'

/** Holds when a subscription goes with its subscriber: when they leave, or when it turns out that they have. Throws `Unmet`. */
export async function forgetsTheGone(scene: Scene): Promise<void> {
  const room = scene.nonce()
  const query = `subscription { message(room: "${room}") { content } }`
  const before = await rows(scene)
  const ana = await introduced(scene, 'ana', NEWER)
  ana.send({ id: '1', type: 'subscribe', payload: { query } })
  // Before anything is said: what is noted of messages is none of a connection's business, and may stay.
  const [subscription] = await scene.eventually(
    'a row in the table for the subscription of ana',
    async () => {
      const about = (await rows(scene)).filter(row => JSON.stringify(row).includes(room))
      return about.length > 0 ? about : undefined
    },
  )
  const hers = (await rows(scene)).filter(row => !isAmong(before, row))

  await ana.leave()
  await scene.eventually('the rows of ana, who left, to be gone from the table', () => areGone(scene, hers))

  // As it is whenever $disconnect does not come, which it may not (facts: A30).
  scene.did('the check put the row of her subscription back')
  await scene.aws(DynamoDBClient).send(
    new PutItemCommand({
      TableName: scene.output('TableName'),
      Item: subscription as Record<string, never>,
    }),
  )
  const ben = subscriber(scene, 'ben').subscribe({ query }, room, ({ content }) => ({ message: { content } }))
  await ben.listens()
  const message = aMessage(scene, room)
  await publish(scene, message)
  await ben.hears(message)
  await scene.eventually('the row of ana, who is gone, to be gone from the table', () =>
    areGone(scene, [subscription as Row]),
  )
}

async function areGone(scene: Scene, gone: readonly Row[]): Promise<true | undefined> {
  const left = await rows(scene)
  return gone.some(row => isAmong(left, row)) ? undefined : true
}
