import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Scene } from '#kit'

/**
 * Opens a socket of which the report says nothing: for somebody who is only there to leave a row, or who reads nothing. What is posted
 * to them is not compressed: so much of it would shrink to nothing. The scene hangs up at its end.
 */
export async function stranger(scene: Scene): Promise<WebSocket> {
  const socket = new WebSocket(scene.output('Url'), { perMessageDeflate: false })
  // A client that is refused here has been let in before: no criterion with strangers promises anything about that.
  await once(socket, 'open')
  socket.on('error', () => {})
  scene.atTheEnd(() => socket.terminate())
  return socket
}
