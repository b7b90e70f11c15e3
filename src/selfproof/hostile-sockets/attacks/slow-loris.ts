import { setTimeout as pause } from 'node:timers/promises'
import { type Attack, often } from '../attack.ts'
import { dial, leave } from '../by-hand.ts'

const BEGINNINGS = [
  '',
  'GET /live HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  'POST /live HTTP/1.1\r\nHost: x\r\nContent-Le',
  '\x16\x03\x01\x02\x00\x01',
]

/** Many at once who say nothing, or a byte now and again. The test's few are gone before they are sent away, which takes twenty seconds. */
export const slowLoris: Attack = {
  name: 'slow loris',
  sizes: { reduced: 200, full: 3000 },
  // A TLS handshake is no HTTP where only that is spoken.
  right: ['HTTP 408', 'HTTP 400', 'hung up', 'left'],
  run({ quiet, door }, size) {
    const isInEarnest = size > 1000
    return often(size, size, async n => {
      await pause(Math.floor(n / 100) * 10)
      const client = dial((n >> 2) % 2 ? quiet : door, BEGINNINGS[n % BEGINNINGS.length]!)
      const timer = setInterval(() => client.socket.write('x'), 1000)
      if (n % 4 === 0) clearInterval(timer)
      const outcome = isInEarnest ? await client.outcome(60_000) : await pause(500, 'left')
      clearInterval(timer)
      await leave(client.socket)
      return outcome
    })
  },
}
