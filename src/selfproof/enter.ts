import { createRequire } from 'node:module'
import { join } from 'node:path'
import { awsAccount } from '../targets/aws/account.ts'
import { type Hand, handIn } from '../targets/aws/hand.ts'
import { manifestIn } from '../targets/aws/manifest.ts'
import type { BorrowedAccount } from './borrowed-account.ts'

/** Lets this process work as the account's profile. */
export async function enter({ env, home, preloads }: BorrowedAccount): Promise<{ hand: Hand; stop(): void }> {
  for (const name of Object.keys(process.env)) if (/^AWS_(?!SDK_)/.test(name)) delete process.env[name]
  Object.assign(process.env, env)
  for (const preload of preloads) createRequire(import.meta.url)(preload)
  const account = await awsAccount({ profile: 'mine' })
  const hand = handIn(account, await account.startsAs(), manifestIn(join(home, 'notes')))
  return { hand, stop: account.stop }
}
