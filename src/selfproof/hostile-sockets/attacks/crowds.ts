import { type Answers, type Attack, often } from '../attack.ts'
import { type ByHand, dial, handshake, leave, push, shake } from '../by-hand.ts'
import { close } from '../frame.ts'

/** How many are in a wave. */
const WAVE = 500

async function visit(url: string, n: number): Promise<string> {
  const client = shake(url)
  return (await client.opened) ? go(client, n) : client.outcome()
}

/** Every other one with a goodbye, the others by breaking the line. */
async function go(client: ByHand, n: number): Promise<string> {
  if (n % 2 === 0) {
    await push(client, close(1000))
    return client.outcome()
  }
  client.socket.resetAndDestroy()
  await leave(client.socket)
  return 'reset'
}

/** A crowd that comes and goes in waves, without a function to be told. */
export const crowds: Attack = {
  name: 'crowds',
  sizes: { reduced: 500, full: 10_000 },
  right: ['close 1000', 'reset'],
  run: ({ quiet }, size) => often(size, WAVE, n => visit(quiet, n)),
}

/** A crowd all of which is there at once before it leaves. */
export const throng: Attack = {
  name: 'a throng, there at once',
  sizes: { reduced: 300, full: 10_000 },
  right: ['close 1000', 'reset'],
  async run({ quiet }, size) {
    const there: ByHand[] = []
    await often(size, WAVE, async n => {
      there[n] = shake(quiet)
      await there[n].opened
      return ''
    })
    return often(size, WAVE, n => go(there[n]!, n))
  },
}

/** A crowd on an API whose `$connect` and `$disconnect` are functions. */
export const busyCrowds: Attack = {
  name: 'crowds, with functions',
  sizes: { reduced: 60, full: 2000 },
  right: ['close 1000', 'reset'],
  run: ({ busy }, size) => often(size, 10, n => visit(busy, n)),
}

/** Breaks off in the middle of a handshake's request, or while `$connect` is at work. */
export const halfHandshakes: Attack = {
  name: 'handshakes broken off',
  sizes: { reduced: 60, full: 2000 },
  right: ['reset'],
  run({ quiet, busy, door }, size): Promise<Answers> {
    return often(size, 30, async n => {
      const url = [busy, quiet, door][n % 3]!
      const request = handshake(url)
      const client = dial(url, n % 3 === 0 ? request : request.slice(0, 1 + ((n * 7) % (request.length - 1))))
      await new Promise(resolve => client.socket.once('connect', resolve).once('close', resolve))
      await new Promise(resolve => setTimeout(resolve, n % 5))
      if (n % 2) client.socket.resetAndDestroy()
      await leave(client.socket)
      return 'reset'
    })
  },
}
