import { createInterface } from 'node:readline/promises'
import { WrongUsage } from './usage.ts'

/** Whether the person who pays for it wants it. Nobody can be asked without a terminal: then somebody has to have said --yes. */
export async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new WrongUsage('Nobody is here to agree to that. Add --yes to go on.')
  const ask = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await ask.question('Go on? (yes/no) ')
  ask.close()
  return /^y(es)?$/i.test(answer.trim())
}
