import { counter } from './counter.ts'
import { engraver } from './engraver.ts'
import { localCloud } from './local-cloud.ts'
import { atLeastOnce, graphqlSubscriptions } from './newsroom.ts'
import { notifications } from './notifications.ts'
import { parrot } from './parrot.ts'
import type { Picture } from './picture.ts'
import { primer } from './primer.ts'
import { guardedRoom, missingRoute, room, staleRoom } from './rooms.ts'
import { twoStages } from './two-stages.ts'
import { wholeKit } from './whole-kit.ts'

/** Every picture, by the name of its file in docs/pictures. A lab's picture has the lab's name. */
export const pictures: Readonly<Record<string, Picture>> = {
  'lab0-look-around': parrot,
  'lab1-missing-route': missingRoute,
  'lab2-wrong-permissions': room,
  'lab3-authentication': guardedRoom,
  'lab4-stale-connections': staleRoom,
  'lab5-notifications': notifications,
  'lab6-graphql-subscriptions': graphqlSubscriptions,
  'lab7-at-least-once': atLeastOnce,
  'lab8-the-way-back': counter,
  'lab9-not-on-the-stage': twoStages,
  'lab10-the-answer-nobody-hears': engraver,
  'websocket-api': primer,
  'whole-kit': wholeKit,
  'local-cloud': localCloud,
}
