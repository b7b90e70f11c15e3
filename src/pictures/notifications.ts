import type { Picture } from './picture.ts'

/** The stack of lab 5 as its author sees it: one of its two stages. */
export const notifications: Picture = {
  title: 'One stage of the stack of lab 5, as its author sees it',
  says: 'Pages connect to the API Frontends. Its route $default leads to register, which writes down who waits, and $disconnect leads to forget, which deletes rows. Backends take the role Backend and connect to the API Backends. Its route $connect leads to admit, and $default to publish, which reads the table Waiters and posts to the pages that wait. The stack makes all of this twice: dev and prod.',
  columns: [
    [
      { id: 'page', kind: 'client', name: 'Page', lines: ['waits'] },
      { id: 'backend', kind: 'client', name: 'Backend', lines: ['publishes'] },
    ],
    [
      { id: 'front', kind: 'api', name: 'Frontends', rows: ['$default', '$disconnect', '@connections'] },
      { id: 'role', kind: 'role', name: 'Backend', lines: ['may connect'] },
      { id: 'back', kind: 'api', name: 'Backends', rows: ['$connect', '$default'] },
    ],
    [
      { id: 'register', kind: 'function', name: 'register', lines: ['writes who waits'] },
      { id: 'forget', kind: 'function', name: 'forget', lines: ['deletes rows'] },
      { id: 'publish', kind: 'function', name: 'publish', lines: ['reads who waits,', 'posts to them'] },
      { id: 'admit', kind: 'function', name: 'admit', lines: ['notes who came'] },
    ],
    [{ id: 'waiters', kind: 'table', name: 'Waiters', lines: ['topic', 'connectionId'] }],
  ],
  arrows: [
    { from: 'page', to: 'front' },
    { from: 'backend', to: 'role' },
    { from: 'role', to: 'back' },
    { from: 'front/$default', to: 'register' },
    { from: 'front/$disconnect', to: 'forget' },
    { from: 'back/$default', to: 'publish' },
    { from: 'back/$connect', to: 'admit' },
    { from: 'register', to: 'waiters', dashed: true },
    { from: 'forget', to: 'waiters', dashed: true },
    { from: 'publish', to: 'waiters', dashed: true },
    { from: 'publish', to: 'front/@connections', dashed: true },
  ],
}
