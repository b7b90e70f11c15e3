import { type Attack, often } from '../attack.ts'
import { push, shake } from '../by-hand.ts'
import { close, frame, PING } from '../frame.ts'

const THOUSAND = Buffer.concat(Array.from({ length: 1000 }, () => frame(PING, 'x'.repeat(125))))

/** Thousands of pings, whose answers nobody reads. They are put up with: the client's own goodbye is heard after them. */
export const pings: Attack = {
  name: 'ping floods (thousands)',
  sizes: { reduced: 50, full: 10_000 },
  right: ['close 1000'],
  run({ quiet }, size) {
    return often(10, 10, async () => {
      const client = shake(quiet)
      await client.opened
      client.socket.pause()
      for (let n = 0; n < size / 10; n++) await push(client, THOUSAND)
      await push(client, close(1000))
      client.socket.resume()
      return client.outcome()
    })
  },
}
