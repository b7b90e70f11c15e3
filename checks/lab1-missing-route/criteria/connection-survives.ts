import { awkward, type Criterion, unexpectedMessages } from '#kit'
import { ACTIONS, echoed, hearsNoError, isToldTheActions, noAnswer, whoami } from '../room.ts'

export const connectionSurvives: Criterion = {
  id: 'connection-survives',
  says: 'The connection stays open through all of it',
  hint: 'docs/routes.md#when-no-route-fits',
  after: ['message-comes-back', 'whoami-is-true', 'anything-else-is-answered'],
  async probe({ connect, nonce }) {
    const idle = await connect('ben')
    const ana = await connect('ana')
    await whoami(ana)

    for (const { as, text } of unexpectedMessages.slice(0, 2)) {
      await isToldTheActions(ana, { action: nonce() }, 'asked for one that does not')
      await isToldTheActions(ana, text, `sent ${as}`)
      await isToldTheActions(ana, `not JSON, ${nonce()}`, 'said what is not JSON')
      await echoed(ana, awkward({ actions: ACTIONS }))
    }

    await Promise.all([ana, idle].map(hearsNoError))
    await Promise.all([ana.isStillThere(), idle.isStillThere()])
  },
  diagnoses: noAnswer,
}
