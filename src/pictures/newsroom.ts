import type { Picture } from './picture.ts'

/** The newsroom of labs 6 and 7 as its author sees it. */
const newsroom = (title: string): Picture => ({
  title,
  says: 'Readers connect to an API. Its route $connect leads to connect, $default to converse, and $disconnect to disconnect. They keep subscriptions in the table Subscriptions. A mutation, or any backend, publishes to the topic Said, which feeds the queues Deliveries and Memories. The function deliver posts what was said to everybody who subscribed; remember keeps it in the table Messages.',
  columns: [
    [{ id: 'reader', kind: 'client', name: 'Reader', lines: ['GraphQL'] }],
    [{ id: 'api', kind: 'api', name: 'Api', rows: ['$connect', '$default', '$disconnect', '@connections'] }],
    [
      { id: 'connect', kind: 'function', name: 'connect', lines: ['agrees on a protocol'] },
      {
        id: 'converse',
        kind: 'function',
        name: 'converse',
        lines: ['answers, publishes,', 'keeps subscriptions'],
      },
      { id: 'disconnect', kind: 'function', name: 'disconnect', lines: ['deletes them'] },
    ],
    [
      { id: 'backend', kind: 'client', name: 'Backend' },
      { id: 'said', kind: 'topic', name: 'Said' },
      { id: 'subscriptions', kind: 'table', name: 'Subscriptions' },
      { id: 'messages', kind: 'table', name: 'Messages' },
    ],
    [
      { id: 'deliveries', kind: 'queue', name: 'Deliveries' },
      { id: 'deliver', kind: 'function', name: 'deliver', lines: ['posts to readers'] },
      { id: 'memories', kind: 'queue', name: 'Memories' },
      { id: 'remember', kind: 'function', name: 'remember', lines: ['keeps it a day'] },
    ],
  ],
  arrows: [
    { from: 'reader', to: 'api' },
    { from: 'api/$connect', to: 'connect' },
    { from: 'api/$default', to: 'converse' },
    { from: 'api/$disconnect', to: 'disconnect' },
    { from: 'connect', to: 'subscriptions', dashed: true },
    { from: 'converse', to: 'subscriptions', dashed: true },
    { from: 'disconnect', to: 'subscriptions', dashed: true },
    { from: 'converse', to: 'said', dashed: true },
    { from: 'converse', to: 'messages', dashed: true },
    { from: 'converse', to: 'api/@connections', dashed: true },
    { from: 'backend', to: 'said', dashed: true },
    { from: 'said', to: 'deliveries' },
    { from: 'said', to: 'memories' },
    { from: 'deliveries', to: 'deliver' },
    { from: 'memories', to: 'remember' },
    { from: 'deliver', to: 'subscriptions', dashed: true },
    { from: 'remember', to: 'messages', dashed: true },
  ],
})

export const graphqlSubscriptions = newsroom('The stack of lab 6, as its author sees it')
export const atLeastOnce = newsroom('The stack of lab 7, as its author sees it')
