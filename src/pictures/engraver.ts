import type { Arrow, Box, Picture } from './picture.ts'

/** The routes of the shop, each with its function and what the function does. */
const routes: readonly (readonly [key: string, name: string, ...lines: string[]])[] = [
  ['$connect', 'connect', 'posts a welcome'],
  ['quote', 'quote', 'returns what it costs'],
  ['order', 'order', 'posts that it is taken'],
  ['seen', 'seen', 'notes it'],
]

const fn = ([, name, ...lines]: (typeof routes)[number]): Box => ({ id: name, kind: 'function', name, lines })

const post = (from: string): Arrow => ({ from, to: 'api/@connections', dashed: true })

/** The stack of lab 10, as its author sees it. Nothing here tells what is wrong. */
export const engraver: Picture = {
  title: 'The stack of lab 10, as its author sees it',
  says: 'A client connects to an API with five routes. The function connect posts a welcome, quote returns its answer, order posts its answer, and seen makes a note. API Gateway answers ping by itself.',
  columns: [
    [{ id: 'client', kind: 'client', name: 'Customer', lines: ['wss://…/live'] }],
    [{ id: 'api', kind: 'api', name: 'Shop', rows: [...routes.map(([key]) => key), 'ping', '@connections'] }],
    routes.map(fn),
  ],
  arrows: [
    { from: 'client', to: 'api' },
    ...routes.map(([key, name]): Arrow => ({ from: `api/${key}`, to: name })),
    post('connect'),
    post('order'),
  ],
}
