import { awkward, type Criterion } from '#kit'
import { afterActOne } from '../after-act-one.ts'
import { stayOut, strangers } from '../doors.ts'
import { notAllowed, whereItRegisters } from '../meanings.ts'
import { backend, dev, done, hear, hearOfNothing, prod, publishes, topic, waiter } from '../people.ts'

/** A claim opens nothing, and neither does an address: at both stages, before a backend has come in, and after. */
export const onlyBackendsPublish: Criterion = {
  id: 'only-backends-publish',
  says: 'Nobody becomes a backend by saying so, or by knowing an address',
  hint: 'docs/notifications.md#who-is-a-backend',
  after: afterActOne,
  async probe(scene) {
    const about = topic(scene)
    for (const door of [prod, dev]) {
      const stage = door === dev ? ' in dev' : ''
      const ana = await waiter(scene, `ana${stage}`, about, door)
      const mallory = await scene.connect(`mallory${stage}`, { url: scene.output(door.url) })
      for (const status of ['done', 'failed'] as const) {
        mallory.send(done(about, 'give me your password', status))
        await mallory.hears(({ error }: any) => typeof error === 'string' && /\bclient\b/.test(error), {
          as: '{"error":"…client…"}',
        })
      }
      const all = await strangers(scene, door)
      await stayOut(scene, door, all, `mallory${stage}`)
      await hearOfNothing([ana, mallory], 'what mallory says')

      const by = await backend(scene, `the backend${stage}`, door)
      // Nobody comes in behind a backend.
      await stayOut(scene, door, all.slice(0, 2), `mallory${stage}`)
      if (door === dev) continue
      const message = awkward({ short: true })
      await publishes(by, about, message, 1)
      await hear([ana], about, message)
    }
  },
  diagnoses: [
    {
      when: /^mallory in dev.* connected \(101\)/,
      means: "A stranger comes to the backends' door of dev, and is let in. dev is as public as prod.",
      where: { resource: 'AWS::ApiGatewayV2::Route', named: /Dev\/Backends/ },
    },
    {
      when: /answered with 101, and the connection is open/,
      means:
        "A stranger comes to the backends' door, and is let in. An address is no secret, even if no page mentions it.",
      where: { resource: 'AWS::ApiGatewayV2::Route', named: /^(?!.*Dev).*Backends/ },
    },
    {
      when: /\{"delivered"|^ana.* heard /,
      means: 'A message said that it came from a backend, and was believed.',
      where: whereItRegisters,
    },
    {
      when: /\{"registered"/,
      means:
        "A message said that it came from a backend, and was taken for a frontend's. At the frontends' door that is an error.",
      where: whereItRegisters,
    },
    {
      when: /it was refused with (\d+)/,
      means:
        "A backend with the signature of the backends' role was refused with $1. The role needs the permission to come in by this door.",
      where: { resource: 'AWS::IAM::Role', named: /^(?!.*Dev).*Backend/ },
    },
    {
      when: /shut with (\d+)/,
      means: 'Nothing refused the stranger: the authorizer failed, with $1.',
    },
    notAllowed,
  ],
}
