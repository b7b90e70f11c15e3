import type { Lab } from '#kit'
import { criteria } from '../../checks/lab5-notifications/criteria.ts'

export const lab5: Lab = {
  id: 'lab5-notifications',
  title: 'Notifications',
  about:
    'A service tells browsers that their report is done: one of those who wait, and of another merchant, and whoever asks may tell.',
  criteria,
  starterBreaks: ['everybody-waiting-hears', 'bad-envelopes-are-answered'],
  hints: {},
  explanation: 'docs/notifications.md#what-was-wrong',
}
