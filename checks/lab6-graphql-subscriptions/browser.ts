/** What the page does: it subscribes with graphql-ws, as anybody's page would; and it opens a socket of its own with two offers. */
export const visitorScript = `
import { createClient } from 'graphql-ws'

const asked = new URLSearchParams(location.search)
const url = asked.get('url')

const client = createClient({ url, connectionParams: { displayName: 'ana' }, retryAttempts: 0 })
client.subscribe(
  {
    query: 'subscription MessageAdded($room: ID!) { message(room: $room) { from { id displayName } content sentAt } }',
    variables: { room: asked.get('room') },
  },
  {
    next: ({ data, errors }) => console.log(JSON.stringify(errors ? { errors } : { data })),
    error: error => console.log('the subscription failed: ' + (error.reason ?? error.message ?? JSON.stringify(error))),
    complete: () => console.log('the subscription was completed'),
  },
)

const socket = new WebSocket(url, ['mqtt', 'graphql-transport-ws'])
socket.onopen = () => console.log('agreed on ' + (socket.protocol || 'nothing'))
socket.onerror = () => console.log('with two protocols it was refused')
`
