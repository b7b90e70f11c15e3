import type { Picture } from './picture.ts'

/** The counter of lab 8 as its author sees it: one of its two stages. Nothing here tells what is wrong. */
export const counter: Picture = {
  title: 'The stack of lab 8, as its author sees it',
  says: 'Clients connect to an API with one route, order, by its own host or by a domain. The route leads to the function take, which posts that the order is taken, and puts the order into the queue Ready. The kitchen puts messages into the queue as well. The queue feeds the function serve, which posts that it is ready.',
  columns: [
    [
      { id: 'client', kind: 'client', name: 'Client', lines: ['wss://…/prod'] },
      { id: 'other', kind: 'client', name: 'Client', lines: ['wss://ws.example.com/…'] },
    ],
    [{ id: 'api', kind: 'api', name: 'Api', rows: ['order', '@connections'] }],
    [
      { id: 'take', kind: 'function', name: 'take', lines: ['says that it is taken'] },
      { id: 'serve', kind: 'function', name: 'serve', lines: ['says that it is ready'] },
    ],
    [
      { id: 'ready', kind: 'queue', name: 'Ready', lines: ['connectionId, text'] },
      { id: 'kitchen', kind: 'client', name: 'Kitchen' },
    ],
  ],
  arrows: [
    { from: 'client', to: 'api' },
    { from: 'other', to: 'api' },
    { from: 'api/order', to: 'take' },
    { from: 'take', to: 'ready', dashed: true },
    { from: 'kitchen', to: 'ready', dashed: true },
    { from: 'ready', to: 'serve' },
    { from: 'take', to: 'api/@connections', dashed: true },
    { from: 'serve', to: 'api/@connections', dashed: true },
  ],
}
