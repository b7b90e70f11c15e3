import { createClient } from '@redis/client'
import { around, type History } from './history.ts'
import type { Message } from './message.ts'

/** In seconds. */
const A_DAY = 24 * 60 * 60
/** The most that is kept of a room. */
const MOST = 100

const { REDIS_HOST: host, REDIS_PORT: port } = process.env
// ElastiCache Serverless speaks TLS, and nothing else.
const redis = createClient({ url: `rediss://${host}:${port}`, socket: { connectTimeout: 1_000 } })
redis.on('error', error => console.error('The cache:', error))
const connected = redis.connect()

/** A room is a sorted set of messages, by their times. All that is done is about one key, so any node of a cluster can do it. */
const history: History = {
  async add(message) {
    await connected
    const key = keyOf(message.room)
    await redis
      .multi()
      .zAdd(key, { score: Date.parse(message.sentAt), value: JSON.stringify(message) })
      .zRemRangeByRank(key, 0, -MOST - 1)
      .expire(key, A_DAY)
      .exec()
  },

  async last(room, count) {
    await connected
    const messages = await redis.zRange(keyOf(room), -count, -1)
    return messages.map(text => JSON.parse(text) as Message)
  },
}

const keyOf = (room: string) => `room ${room}`

export const handler = around(history)
