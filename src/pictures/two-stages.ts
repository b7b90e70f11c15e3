import type { Picture } from './picture.ts'

/** The stack of lab 9: one API on two stages, and a function for each release. */
export const twoStages: Picture = {
  title: 'The stack of lab 9, as its author sees it',
  says: 'Clients connect to an API on two stages, live and preview. The route $connect lets everybody in. The routes say, whoami and spell lead to the function of a release.',
  columns: [
    [
      { id: 'client', kind: 'client', name: 'Everybody', lines: ['wss://…/live'] },
      { id: 'tester', kind: 'client', name: 'Tester', lines: ['wss://…/preview'] },
    ],
    [{ id: 'api', kind: 'api', name: 'Api', rows: ['$connect', 'say', 'whoami', 'spell'] }],
    [
      { id: 'welcome', kind: 'api', name: 'welcome', lines: ['lets everybody in'] },
      {
        id: 'words',
        kind: 'function',
        name: 'words',
        lines: ['says a text back,', 'tells clients who they are,', 'since release 2: spells'],
      },
    ],
  ],
  arrows: [
    { from: 'client', to: 'api' },
    { from: 'tester', to: 'api' },
    { from: 'api/$connect', to: 'welcome' },
    ...['say', 'whoami', 'spell'].map(key => ({ from: `api/${key}`, to: 'words' })),
  ],
}
