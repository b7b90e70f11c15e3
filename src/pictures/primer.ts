import type { Picture } from './picture.ts'

/** A WebSocket API as such, for the primer. */
export const primer: Picture = {
  title: 'A WebSocket API',
  says: 'A client connects to an API. The routes $connect, chat, $default and $disconnect lead to functions. A function keeps a list of connections in a table, and posts to a client by the management API, @connections.',
  columns: [
    [{ id: 'client', kind: 'client', name: 'Client', lines: ['keeps a socket open'] }],
    [
      {
        id: 'api',
        kind: 'api',
        name: 'API and stage',
        rows: ['$connect', 'chat', '$default', '$disconnect', '@connections'],
      },
    ],
    [
      { id: 'door', kind: 'function', name: 'connect', lines: ['lets a client in'] },
      { id: 'chat', kind: 'function', name: 'chat', lines: ['handles a message'] },
      { id: 'other', kind: 'function', name: 'anything else', lines: ['handles the rest'] },
      { id: 'gone', kind: 'function', name: 'disconnect', lines: ['cleans up'] },
    ],
    [{ id: 'list', kind: 'table', name: 'Connections', lines: ['who is connected'] }],
  ],
  arrows: [
    { from: 'client', to: 'api' },
    { from: 'api/$connect', to: 'door' },
    { from: 'api/chat', to: 'chat' },
    { from: 'api/$default', to: 'other' },
    { from: 'api/$disconnect', to: 'gone' },
    { from: 'door', to: 'list', dashed: true },
    { from: 'chat', to: 'list', dashed: true },
    { from: 'gone', to: 'list', dashed: true },
    { from: 'chat', to: 'api/@connections', dashed: true },
  ],
}
