// Somebody else's client, in a process of its own: it says a thing, hears it, and says the next, whatever is done to the cloud meanwhile.
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** What a bystander has noticed since it was asked last. */
export interface Noticed {
  readonly echoes: number
  /** The longest that one took, in milliseconds. */
  readonly worst: number
}

const socket = new WebSocket(process.argv[2]!)
// Whatever ends this connection is the cloud's fault.
socket.on('close', code => process.exit(code === 1005 ? 0 : 1))
await once(socket, 'open')

let echoes = 0
let worst = 0
let last: Promise<void> = Promise.resolve()
process.on('message', async () => {
  // One that began after the question, so that the answer is about now.
  await echo()
  const noticed: Noticed = { echoes, worst }
  process.send!(noticed)
  echoes = 0
  worst = 0
})
process.on('disconnect', () => process.exit())
process.send!('here')

for (;;) {
  await echo()
  await pause(20)
}

/** One at a time: answers have no order on AWS, and none here. */
function echo(): Promise<void> {
  last = last.then(async () => {
    const text = JSON.stringify({ action: 'echo', text: crypto.randomUUID() })
    const since = performance.now()
    const answer = once(socket, 'message')
    socket.send(text)
    const [heard] = await answer
    if (String(heard) !== text) throw new Error(`heard ${heard} instead of ${text}`)
    echoes++
    worst = Math.max(worst, performance.now() - since)
  })
  return last
}
