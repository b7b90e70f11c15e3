import type { Arrow, Box, Picture } from './picture.ts'

// The stacks of labs 1 to 4 as their authors see them. Nothing here tells what is wrong.

const asTheAuthor = (lab: number) => `The stack of lab ${lab}, as its author sees it`

const client: Box = { id: 'client', kind: 'client', name: 'Client', lines: ['wss://…/live'] }

const api = (name: string, ...routes: string[]): Box => ({
  id: 'api',
  kind: 'api',
  name,
  rows: [...routes, '@connections'],
})

const list: Box = { id: 'list', kind: 'table', name: 'Connections', lines: ['connectionId'] }

const fn = (name: string, ...lines: string[]): Box => ({ id: name, kind: 'function', name, lines })

const route = (key: string, name: string): Arrow => ({ from: `api/${key}`, to: name })
const call = (from: string, to: string): Arrow => ({ from, to, dashed: true })

/** A chat room with a list of its clients: each route has a function, and each function uses the list. */
function chatRoom(
  about: Pick<Picture, 'title' | 'says'>,
  routes: readonly (readonly [key: string, name: string, ...lines: string[]])[],
  more: { readonly boxes?: readonly Box[]; readonly arrows?: readonly Arrow[] } = {},
): Picture {
  return {
    ...about,
    columns: [
      [client, ...(more.boxes ?? [])],
      [api('Chat', ...routes.map(([key]) => key))],
      routes.map(([, name, ...lines]) => fn(name, ...lines)),
      [list],
    ],
    arrows: [
      { from: 'client', to: 'api' },
      ...routes.map(([key, name]) => route(key, name)),
      ...routes.filter(([, name]) => name !== 'heartbeat').map(([, name]) => call(name, 'list')),
      call('sendMessage', 'api/@connections'),
      ...(more.arrows ?? []),
    ],
  }
}

const connect = ['$connect', 'connect', 'writes a row'] as const
const sendMessage = ['sendMessage', 'sendMessage', 'reads the list,', 'posts to everybody'] as const
const disconnect = ['$disconnect', 'disconnect', 'deletes the row'] as const

export const missingRoute: Picture = {
  title: asTheAuthor(1),
  says: 'A client connects to an API with five routes: $connect, message, whoami, $default and $disconnect. All lead to the function answer, which posts its answers to the client.',
  columns: [
    [client],
    [api('Api', '$connect', 'message', 'whoami', '$default', '$disconnect')],
    [
      fn(
        'answer',
        'says the text back,',
        'tells a client its id,',
        'names the actions,',
        'notes who comes and goes',
      ),
    ],
  ],
  arrows: [
    { from: 'client', to: 'api' },
    ...['$connect', 'message', 'whoami', '$default', '$disconnect'].map(key => route(key, 'answer')),
    call('answer', 'api/@connections'),
  ],
}

export const room: Picture = chatRoom(
  {
    title: asTheAuthor(2),
    says: 'A client connects to an API with three routes. The function connect writes a row to the table Connections, sendMessage reads the list and posts to everybody on it, and disconnect deletes the row.',
  },
  [connect, sendMessage, disconnect],
)

export const guardedRoom: Picture = chatRoom(
  {
    title: asTheAuthor(3),
    says: 'The chat room of lab 2, and a user pool with a client for the page. The page signs in at the pool and connects to the API.',
  },
  [connect, sendMessage, disconnect],
  {
    boxes: [{ id: 'users', kind: 'pool', name: 'Users', lines: ['signs people in'] }],
    arrows: [{ from: 'client', to: 'users' }],
  },
)

export const staleRoom: Picture = chatRoom(
  {
    title: asTheAuthor(4),
    says: 'The chat room of lab 2, and a route $default with the function heartbeat, which takes everything else that a client says. Each function notes in its log what happened.',
  },
  [connect, sendMessage, ['$default', 'heartbeat', 'takes everything else'], disconnect],
)
