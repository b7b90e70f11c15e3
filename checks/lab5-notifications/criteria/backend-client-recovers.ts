import { awkward, type Criterion } from '#kit'
import { afterActOne } from '../after-act-one.ts'
import { runs, TOO_LONG } from '../client-programs.ts'
import { backend, done, hear, hearOfNothing, registers, topic, waiter } from '../people.ts'

/** The backend's program, as a job that has three things to say of which one is too long, and as a job to which nothing happens. */
export const backendClientRecovers: Criterion = {
  id: 'backend-client-recovers',
  says: 'The backend client delivers, and one message that is too long does not keep it from delivering the others',
  hint: 'docs/notifications.md#too-long-a-message',
  after: [...afterActOne, 'only-backends-publish'],
  async probe(scene) {
    const [first, second, third, fourth] = [topic(scene), topic(scene), topic(scene), topic(scene)]
    const ana = await waiter(scene, 'ana', [first, second, fourth])
    const ben = await waiter(scene, 'ben', third)
    const message = awkward({ short: true })

    const longWinded = await backend(scene)
    longWinded.send(done(second, TOO_LONG))
    await longWinded.isClosed({ code: 1009 })

    const job = await runs(scene, 'the job', [
      done(first, message),
      done(second, TOO_LONG),
      done(third, message, 'failed'),
    ])
    // The first has been heard long before the job has connected anew. Somebody who waits for it again waits for what comes next.
    await hear([ana], first, message)
    await registers(ana, first)
    for (const { ref } of [first, second, third])
      await job.prints(mentions(ref), { as: `a line about ${ref}` })
    await job.ends({ code: 1 })
    await hear([ben], third, message, 'failed')
    const short = await runs(scene, 'the next job', [done(fourth, message)])
    await short.prints(mentions(fourth.ref), { as: `a line about ${fourth.ref}` })
    await short.ends({ code: 0 })
    await hear([ana], fourth, message)
    await hearOfNothing([ana, ben], 'anything else')
  },
  diagnoses: [
    {
      when: /Unexpected server response: (\d+)/,
      means: 'The backend client could not connect: its handshake was refused with $1.',
      where: { resource: 'AWS::ApiGatewayV2::Route', named: /^(?!.*Dev).*Backends/ },
    },
    {
      when: /the job to end with exit code 1/,
      means: 'One envelope could not be delivered, and the person who started the job is not told.',
    },
    {
      when: /^(?:ana|ben) heard /,
      means: 'The job said the same more than once, and it was heard more than once.',
    },
    {
      means:
        'API Gateway closes a connection with 1009 when a frame of more than 32 KB comes. The client must notice, reconnect, and go on with the next envelope.',
    },
  ],
}

/** Lines of a program that are JSON come parsed. */
const mentions = (ref: string) => (line: unknown) => JSON.stringify(line).includes(ref)
