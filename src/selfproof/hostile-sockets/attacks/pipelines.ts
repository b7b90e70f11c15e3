import { type Attack, often } from '../attack.ts'
import { dial, push } from '../by-hand.ts'

/** Thousands of requests at once on one connection, whose answers nobody reads until the last is sent. */
export const pipelines: Attack = {
  name: 'pipelines (1,000 requests each)',
  sizes: { reduced: 5, full: 500 },
  // A plain request to a stage is told to upgrade (facts: A17).
  right: ['HTTP 426'],
  run({ quiet }, size) {
    const request = 'GET /live HTTP/1.1\r\nHost: x\r\n\r\n'
    const last = 'GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    return often(size, 20, async () => {
      const client = dial(quiet)
      client.socket.pause()
      await push(client, request.repeat(1000) + last)
      client.socket.resume()
      return client.outcome()
    })
  },
}
