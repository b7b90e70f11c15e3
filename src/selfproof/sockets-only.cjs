// Loaded after what leads AWS's names to a local cloud: it lets only those pass that have no endpoint to be set for, an
// API's own and a queue's. Whatever else calls AWS by its name has missed the endpoint, and is refused and written down.
const { appendFileSync } = require('node:fs')
const net = require('node:net')
const { join } = require('node:path')
const { syncBuiltinESMExports } = require('node:module')

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...given) {
  const [first] = Array.isArray(given[0]) ? given[0] : given
  const host = String(first?.host ?? '')
  if (!/\.amazonaws\.com$/i.test(host) || /\.execute-api\.|^sqs\./i.test(host)) {
    return connect.apply(this, given)
  }
  appendFileSync(
    join(__dirname, 'strayed.log'),
    `${process.argv.slice(0, 3).join(' ')}: ${host}, by its name\n`,
  )
  process.nextTick(() => this.destroy(Object.assign(new Error(`refused: ${host}`), { code: 'ECONNREFUSED' })))
  return this
}

syncBuiltinESMExports()
