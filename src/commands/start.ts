import { labs } from '../../labs/index.ts'
import { oldSdk } from '../run/old-sdk.ts'
import { localTarget } from '../targets/local.ts'
import { howToReach } from './how-to-reach.ts'
import { withSession } from './session.ts'
import { showWorkbench } from './show-workbench.ts'
import { portOf } from './up.ts'
import type { Command } from './usage.ts'

/** Opens the workbench: the labs and the local cloud in a page. */
export const start: Command = {
  synopsis: '[--port N]',
  about: 'opens the workbench, a page in which one does the labs; Ctrl-C ends it',
  mostWords: 0,
  options: { port: { type: 'string' } },
  run: ({ flags }) =>
    withSession(async session => {
      const target = await localTarget(session.guardian, { oldSdk: oldSdk() })
      session.closes(target, it => it.stop())
      await showWorkbench(session, { target, labs }, portOf(flags.port))
      process.stdout.write(`\n${howToReach(target.cloud)}`)
      await session.interrupted
      return 0
    }),
}
