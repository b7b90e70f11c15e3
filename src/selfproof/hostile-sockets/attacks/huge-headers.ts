import { type Attack, often } from '../attack.ts'
import { dial, handshake } from '../by-hand.ts'

/** A megabyte of headers, ten thousand of them, a URL of 100 KB, and one that is just too long (facts: A3). */
export const hugeHeaders: Attack = {
  name: 'huge headers and URLs',
  sizes: { reduced: 20, full: 2000 },
  right: ['HTTP 431', 'HTTP 414'],
  run({ quiet }, size) {
    const requests = [
      handshake(quiet, `X: ${'x'.repeat(1024 * 1024)}`),
      handshake(quiet, ...Array.from({ length: 10_000 }, (_, n) => `X-${n}: x`)),
      withQuery(quiet, 100_000),
      withQuery(quiet, 5000),
    ]
    return often(size, 20, n => dial(quiet, requests[n % requests.length]!).outcome())
  },
}

const withQuery = (url: string, length: number) =>
  handshake(url).replace(' HTTP/', `?${'x'.repeat(length)} HTTP/`)
