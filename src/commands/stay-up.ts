import { visible } from '#kit'
import type { LocalTarget } from '../targets/local.ts'
import { keepDirectory } from '../workbench/server/directory.ts'
import { howToReach } from './how-to-reach.ts'
import { showLive, type Watching } from './live-lines.ts'
import type { Session } from './session.ts'

/** Says how to reach what is up, then shows what happens there until somebody interrupts. */
export async function stayUp(target: LocalTarget, session: Session, watching: Watching = {}): Promise<void> {
  process.stdout.write('\n')
  for (const { stackName, outputs } of target.deployed()) {
    process.stdout.write(`${visible(stackName)} is up.\n`)
    for (const [name, value] of Object.entries(outputs))
      process.stdout.write(`  ${visible(`${name} = ${value}`)}\n`)
  }
  const known = new Set<string>()
  const sayHow = () => {
    for (const url of target.cloud.sockets()) {
      if (!known.has(url)) process.stdout.write(`\n  npx wscat -c ${url}\n`)
      known.add(url)
    }
  }
  sayHow()
  process.stdout.write(
    `\n${howToReach(target.cloud)}\nWhat happens now is shown here. Ctrl-C takes it all down.\n`,
  )
  const live = showLive(target.cloud.events, keepDirectory(target.cloud), watching, text => {
    process.stdout.write(text)
    // `cdk deploy` has brought something: its outputs have AWS's addresses, and only here is it known where that is.
    sayHow()
  })
  await session.interrupted
  live.stop()
}
