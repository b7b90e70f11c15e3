/** How long to wait before connecting anew, in milliseconds: twice as long each time, up to half a minute, and never all pages at once. */
const FIRST_WAIT = 250
const LONGEST_WAIT = 30_000
/** How often to try before giving up. */
const TRIES = 8
/** How API Gateway closes a connection on which a frame of more than 32 KB has come. */
const TOO_LONG = 1009

/**
 * Waits for notifications, over one WebSocket at a time. After each loss of the connection it connects again and
 * registers everything that has not been heard of yet. `wait(envelope)` resolves with what the backend says, or rejects
 * with why nothing will come.
 */
export function notifications(url) {
  const waiting = new Set()
  let socket
  let failures = 0
  // One registration at a time is under way: whatever goes wrong meanwhile has to do with that one.
  let current

  return {
    wait: envelope =>
      new Promise((resolve, reject) => {
        waiting.add({ envelope, resolve, reject, registered: false })
        if (!socket) connect()
        else registerNext()
      }),
  }

  function connect() {
    socket = new WebSocket(url)
    socket.onmessage = ({ data }) => hear(JSON.parse(data))
    socket.onclose = ({ code }) => lose(code)
    registerNext()
  }

  function registerNext() {
    if (current) return
    current = [...waiting].find(one => !one.registered)
    if (current) socket.send(JSON.stringify(current.envelope))
    // Nothing to register and nothing to wait for: an open connection costs money.
    else if (waiting.size === 0) socket.close(1000)
  }

  function hear(message) {
    if (message.status) {
      for (const one of waiting) if (isAbout(message, one.envelope)) settle(one, () => one.resolve(message))
    } else if (message.registered) {
      // Late news of one that has been heard of meanwhile says nothing about another.
      if (!current || !isAbout(message.registered, current.envelope)) return
      failures = 0
      current.registered = true
      current = undefined
    } else if (current) {
      const { error = message.message } = message
      settle(current, () => current.reject(new Error(error)))
    }
    registerNext()
  }

  function lose(code) {
    socket = undefined
    const last = current
    current = undefined
    for (const one of waiting) one.registered = false
    if (code === TOO_LONG && last) settle(last, () => last.reject(new Error('longer than 32 KB')))
    if (waiting.size === 0) return
    failures += 1
    if (failures > TRIES) {
      for (const one of waiting) settle(one, () => one.reject(new Error(`connection lost (${code})`)))
    } else setTimeout(connect, Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT) * Math.random())
  }

  function settle(one, tell) {
    waiting.delete(one)
    tell()
    if (one === current) current = undefined
  }
}

const isAbout = (message, { merchant_id, ref }) => message.merchant_id === merchant_id && message.ref === ref
