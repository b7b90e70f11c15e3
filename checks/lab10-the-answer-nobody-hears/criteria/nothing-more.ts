import type { Criterion, Scene } from '#kit'
import type { Permit } from '../../budget/budget.ts'
import { staysWithin } from '../../budget/overreach.ts'
import { connections, rows, whatEveryFunctionMay } from '../../budget/purposes.ts'

/** What the roles of the shop may do, all together: who has which is the learner's choice. */
export const nothingMore: Criterion = {
  id: 'nothing-more',
  says: 'And nothing more: no function may do more than it needs',
  hint: 'docs/permissions.md#and-nothing-more',
  early: true,
  probe: scene =>
    staysWithin(
      scene,
      [rows(scene), connections(scene), eventBuses(scene), whatEveryFunctionMay(scene)].flat(),
    ),
}

/** A bus is one of the ways in which somebody else hears that a client has come. Every account has one called default. */
const eventBuses = (scene: Scene): Permit => ({
  to: 'put events on the buses of the stack, or on the default one',
  actions: ['events:PutEvents'],
  on: ['default', ...scene.resources('AWS::Events::EventBus').map(({ physicalId }) => physicalId)].map(
    name => `arn:aws:events:${scene.region}:${scene.accountId}:event-bus/${name}`,
  ),
})
