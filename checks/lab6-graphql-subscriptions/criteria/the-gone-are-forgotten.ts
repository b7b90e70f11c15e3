import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { type Criterion, type Scene, Unmet } from '#kit'
import { contentOnly, inRoom } from '../../newsroom/documents.ts'
import { asks, hearsResult, introduced, listening, nothingElse } from '../../newsroom/frames.ts'
import { notAllowed, notDelivered, whereItConverses } from '../../newsroom/meanings.ts'
import { aMessage, publish } from '../../newsroom/messages.ts'
import { isAmong, type Row, rows } from '../../rows.ts'

/** Two subscriptions go with the client that leaves; and one that was left behind goes with the next message, and harms nobody. */
export const theGoneAreForgotten: Criterion = {
  id: 'the-gone-are-forgotten',
  says: 'A subscription goes with its subscriber, and harms nobody if it was left behind',
  hint: 'docs/stale-connections.md#taking-closed-connections-off-the-list',
  after: ['each-hears-their-own'],
  async probe(scene) {
    const room = scene.nonce()
    const before = await rows(scene)
    const ana = await introduced(scene, 'ana')
    const connected = await rows(scene)
    for (const id of ['1', '2']) asks(ana, id, inRoom(room))
    await listening(ana)
    // Before anything is said: what is noted of messages is not about a connection, and may stay.
    const hers = (await rows(scene)).filter(row => !isAmong(before, row))
    const subscriptions = hers.filter(row => !isAmong(connected, row))
    if (subscriptions.length === 0)
      throw new Unmet({
        expected: 'rows in the table TableName for the two subscriptions of ana',
        observed: 'the rows are the same as before ana subscribed',
      })
    await ana.leave()
    await areGone(scene, 'the rows of ana, who left,', hers)

    // As it is whenever $disconnect does not come, which it may not (facts: A30).
    scene.did('the check put the rows of her subscriptions back')
    const TableName = scene.output('TableName')
    for (const Item of subscriptions)
      await scene.aws(DynamoDBClient).send(new PutItemCommand({ TableName, Item }))
    const [ben, cyd] = [await introduced(scene, 'ben'), await introduced(scene, 'cyd')]
    for (const client of [ben, cyd]) asks(client, '1', inRoom(room))
    await listening(ben, cyd)
    for (const message of [aMessage(scene, room), aMessage(scene, room)]) {
      await publish(scene, message)
      for (const client of [ben, cyd]) await hearsResult(client, '1', contentOnly(message))
      await nothingElse([ben, cyd], { again: [message] })
      await areGone(scene, 'the rows of ana, who is no longer connected,', subscriptions)
    }
  },
  diagnoses: [
    ...notAllowed,
    {
      when: /^the rows are the same/,
      means:
        'The table that the output TableName names has a row for each subscription. Nothing was written there.',
      where: whereItConverses,
    },
    {
      when: /^nothing of the kind/,
      means:
        'A client is no longer connected, and its subscription is still run and posted whenever somebody says something.',
      where: { resource: 'AWS::Lambda::Function', named: /disconnect/i },
    },
    {
      when: /GoneException.*|\b410\b/,
      means:
        'A client is no longer connected, and that failed the whole round: a post to it throws GoneException.',
      where: 'the-function-that-said-it',
    },
    ...notDelivered,
  ],
}

async function areGone(scene: Scene, whose: string, gone: readonly Row[]): Promise<void> {
  const ask = async () => {
    const left = await rows(scene)
    return gone.some(row => isAmong(left, row)) ? undefined : true
  }
  await scene.eventually(`${whose} to be gone from the table`, ask, { stays: true })
}
