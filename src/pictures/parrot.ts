import type { Picture } from './picture.ts'

/** The stack of lab 0. */
export const parrot: Picture = {
  title: 'The stack of lab 0',
  says: 'A client connects to an API with one route, say. It leads to the function parrot, which says the text back.',
  columns: [
    [{ id: 'client', kind: 'client', name: 'Client', lines: ['wss://…/live'] }],
    [{ id: 'api', kind: 'api', name: 'Cage', rows: ['say'] }],
    [{ id: 'parrot', kind: 'function', name: 'parrot', lines: ['says the text back'] }],
  ],
  arrows: [
    { from: 'client', to: 'api' },
    { from: 'api/say', to: 'parrot' },
  ],
}
