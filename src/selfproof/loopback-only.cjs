// Loaded before anything else into whatever a test starts, by NODE_OPTIONS: it refuses every connection and every look-up
// of a name that would leave this machine, and writes it down in a file beside it. Plain JavaScript, so that it needs
// nothing.
const { appendFileSync } = require('node:fs')
const dns = require('node:dns')
const net = require('node:net')
const { join } = require('node:path')
const { syncBuiltinESMExports } = require('node:module')

const isHere = host => /^(localhost|127(\.\d+){3}|::1|::ffff:127(\.\d+){3}|0:0:0:0:0:0:0:1)$/i.test(host)

function refuse(what) {
  appendFileSync(join(__dirname, 'strayed.log'), `${process.argv.slice(0, 3).join(' ')}: ${what}\n`)
  return Object.assign(new Error(`refused: ${what}`), { code: 'ECONNREFUSED' })
}

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...given) {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: second }
  const isPath = options.path !== undefined || (typeof first === 'string' && Number.isNaN(Number(first)))
  const host = typeof options.host === 'string' ? options.host : 'localhost'
  if (isPath || isHere(host)) return connect.apply(this, given)
  const error = refuse(`${host}:${options.port}`)
  process.nextTick(() => this.destroy(error))
  return this
}

const lookup = dns.lookup
dns.lookup = (name, ...rest) => {
  if (!name || isHere(name)) return lookup(name, ...rest)
  const error = refuse(`the name ${name}`)
  process.nextTick(rest.at(-1), error)
}
dns.promises.lookup = (
  promised =>
  async (name, ...rest) => {
    if (!name || isHere(name)) return promised(name, ...rest)
    throw refuse(`the name ${name}`)
  }
)(dns.promises.lookup)

syncBuiltinESMExports()
