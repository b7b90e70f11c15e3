import net from 'node:net'
import type { Running } from './second-house.ts'

/** What `up` prints for people who want to reach what is up. */
export async function reached(running: Running) {
  const text = await running.says(/Ctrl-C takes it all down/)
  const found = (pattern: RegExp) => pattern.exec(text)?.[1] ?? ''
  return {
    url: found(/wscat -c (ws:\S+)/),
    table: found(/TableName = (\S+)/),
    client: {
      endpoint: found(/AWS_ENDPOINT_URL=(\S+)/),
      region: found(/AWS_REGION=(\S+)/),
      credentials: {
        accessKeyId: found(/AWS_ACCESS_KEY_ID=(\S+)/),
        secretAccessKey: found(/AWS_SECRET_ACCESS_KEY=(\S+)/),
      },
    },
  }
}

/** Whether anybody listens at the port of a URL. */
export const answers = (url: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
