import { resolve } from 'node:path'
import { visible } from '#kit'
import { type Beginning, beginningOf } from '../state/beginning.ts'
import { StateProblem } from '../state/trouble.ts'
import type { LocalTarget } from '../targets/local.ts'
import { CLOSING_TIME, type Session } from './session.ts'
import { startedIn } from './started-in.ts'
import { type CommandLine, WrongUsage } from './usage.ts'

/** Reads what `--seed` and `--state` name. @throws WrongUsage that says where, and what. */
export function readBeginning({ seed, state }: CommandLine['flags']): Beginning {
  const path = (given: unknown) => (given === undefined ? undefined : resolve(startedIn(), String(given)))
  try {
    return beginningOf({ seed: path(seed), state: path(state) })
  } catch (error) {
    throw asUsage(error)
  }
}

/** Puts it into the cloud. From then on the data is kept, until the session ends. @throws WrongUsage */
export async function beginWith(
  beginning: Beginning,
  { cloud }: LocalTarget,
  session: Session,
): Promise<void> {
  try {
    const begun = await beginning.begin(cloud, tell)
    session.closes(begun, it => it.stop(), CLOSING_TIME)
  } catch (error) {
    throw asUsage(error)
  }
}

const tell = (error: unknown): void => {
  process.stderr.write(`The state could not be kept: ${visible((error as Error).message)}\n`)
}

const asUsage = (error: unknown): unknown =>
  error instanceof StateProblem ? new WrongUsage(error.message) : error
