// What the library `ws` does alone: an echo without a gateway, a function or a permission. No local cloud can be faster.
import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
server.on('connection', socket => socket.on('message', data => socket.send(data.toString())))
server.once('listening', () => process.send(`ws://127.0.0.1:${server.address().port}/`))
process.once('disconnect', () => process.exit())
