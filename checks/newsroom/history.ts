import { isDeepStrictEqual } from 'node:util'
import { type Client, type Diagnosis, type Scene, shortened, Unmet } from '#kit'
import { asks, howDataDiffers, nothingElse } from './frames.ts'
import { whereItConverses, whereItRemembers } from './meanings.ts'
import type { Message } from './messages.ts'

/** What is asked of a room's history, and what it should tell. */
export interface Question {
  readonly room: string
  /** In the order of their times. */
  readonly wanted: readonly Message[]
  /** How many are asked for; ten unless given. */
  readonly last?: number
}

/** Asks for the history of a room, which should tell exactly these messages. Throws `Unmet`. */
export async function tellsHistory(
  scene: Scene,
  client: Client,
  { room, wanted, last }: Question,
): Promise<void> {
  const asked = {
    query: `query Last($room: ID!${last ? ', $last: Int!' : ''}) {
      messages(room: $room${last ? ', last: $last' : ''}) { from { id displayName } content sentAt }
    }`,
    variables: { room, ...(last && { last }) },
  }
  const data = { messages: wanted.map(({ from, content, sentAt }) => ({ from, content, sentAt })) }
  const expected = `${client.name} to be told ${data.messages.length} messages of the room, the latest at the end`
  let told: unknown
  // What was published may be on its way. Once all is at rest and the same is told twice, that is the answer.
  for (let before: unknown; before === undefined || !isDeepStrictEqual(told, before); ) {
    await nothingElse([client])
    before = told
    told = await answer()
    if (isDeepStrictEqual(told, data.messages)) return
  }
  throw new Unmet({ expected, observed: howToldDiffers(client.name, data.messages, told as unknown[]) })

  async function answer(): Promise<unknown[]> {
    const id = scene.nonce()
    asks(client, id, asked)
    const frame = await client.hears({ id })
    const messages = frame.payload?.data?.messages
    if (frame.type !== 'next' || !Array.isArray(messages))
      throw new Unmet({ expected, observed: shortened(JSON.stringify(frame), 300) })
    await client.hears({ type: 'complete', id }).catch(uncompleted)
    return messages
  }

  function uncompleted(error: unknown): never {
    if (!(error instanceof Unmet)) throw error
    throw new Unmet({ expected, observed: 'a result, and nothing that completes it' })
  }
}

function howToldDiffers(name: string, wanted: readonly { content: string }[], told: readonly any[]): string {
  const contents = told.map(one => one?.content)
  const twice = contents.find((one, at) => contents.indexOf(one) < at)
  const found = wanted.filter(({ content }) => contents.includes(content)).length
  const list = contents.map(content => shortened(JSON.stringify(content ?? null), 40)).join(', ')
  if (twice !== undefined && found === wanted.length) return `${name} is told a message twice: ${list}`
  if (found === wanted.length && told.length === found) {
    const isOtherOrder = isDeepStrictEqual([...contents].sort(), wanted.map(({ content }) => content).sort())
    const how = howDataDiffers(wanted, told)
    return how || !isOtherOrder
      ? `${name} is told otherwise than it was said: ${list}; ${how}`
      : `the messages are told in another order: ${list}`
  }
  if (told.length === wanted.length)
    return `${name} is told ${told.length - found} messages that are not among the last of this room: ${list}`
  const how = found === told.length ? '' : howDataDiffers(wanted, told)
  return `${name} is told ${told.length} messages instead of ${wanted.length}: ${list}${how ? `; ${how}` : ''}`
}

/** What it can mean when a history tells otherwise than it should. */
export const toldOtherwise: readonly Diagnosis[] = [
  {
    when: /the messages are told in another order/,
    means:
      'The messages are all there, in another order than that of their times. The latest stands at the end.',
    where: whereItConverses,
  },
  {
    when: /is told a message twice/,
    means:
      'A message that came twice is remembered twice. Whatever the queue brings again must end in the same place.',
    hint: 'docs/at-least-once.md#the-same-place',
    where: whereItRemembers,
  },
  {
    when: /that are not among the last of this room/,
    means:
      'As many messages came as were asked for, and some of them are older, or belong to another room. Names of rooms are compared character by character.',
    where: whereItRemembers,
  },
  {
    when: /is told (\d+) messages instead of (\d+)/,
    means:
      '$1 messages came, where $2 were said. The history hears the topic by a queue of its own, and keeps all messages of a room, and of no other.',
    where: whereItRemembers,
  },
]
