import type { Criterion } from '#kit'
import { linesWith } from '../../function-logs.ts'

/** What is said stands in the log, each time. */
export const theLogTells: Criterion = {
  id: 'the-log-tells',
  says: 'The log tells what a client has said',
  hint: 'docs/look-around.md#the-log',
  after: ['door-opens'],
  async probe(scene) {
    const ana = await scene.connect('ana')
    for (const text of [`hello, ${scene.nonce()}`, scene.nonce()]) {
      ana.send({ action: 'say', text })
      await scene.eventually(
        `a line with ${text} in the log`,
        async () => (await linesWith(scene, text)).length > 0 || undefined,
      )
    }
  },
  diagnoses: [
    {
      means:
        'A client has said something, and no function has logged it. Either none was called, or it logs nothing.',
      where: { resource: 'AWS::Lambda::Function' },
    },
  ],
}
