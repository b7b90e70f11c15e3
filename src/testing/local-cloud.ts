import { defaultAccount } from '../cloud/account.ts'
import { accountFor } from '../cloud/cloudformation/assembly-account.ts'
import { startGuardian } from '../cloud/guardian.ts'
import { oldSdk } from '../run/old-sdk.ts'
import { beginningOf } from '../state/beginning.ts'
import { type LocalTarget, localTarget } from '../targets/local.ts'
import type { LocalCloud, LocalCloudOptions } from './entry.cjs'
import { notUp } from './not-up.ts'
import { checkOptions } from './options.ts'
import { running } from './running.ts'
import { type Source, sourceOf } from './source.ts'

/**
 * Starts a local cloud in this process, and deploys into it what is given. The declarations in entry.d.cts say what it takes and
 * what it answers with.
 *
 * @throws TypeError for options that it does not take, and an Error that says why nothing came up. Nothing stays behind then.
 */
export async function localCloud(given: LocalCloudOptions = {}): Promise<LocalCloud> {
  const options = checkOptions(given)
  const { seed, state } = options
  const beginning = beginningOf({ seed, state })
  const guardian = startGuardian()
  let target: LocalTarget | undefined
  try {
    const source = sourceOf(options)
    target = await localTarget(guardian, {
      apiPort: options.port ?? 0,
      account: accountOf(options, source),
      oldSdk: oldSdk(),
      knownIds: beginning.knownIds,
    })
    const { skipUnsupported = false, strict = false } = options
    const leftOut = source
      ? await target.deployAll(source.directory, { stacks: source.stacks, skipUnsupported, strict })
      : []
    const begun = await beginning.begin(target.cloud, reportTrouble)
    return await running({ target, guardian, leftOut, options, begun })
  } catch (error) {
    beginning.giveUp()
    await target?.stop()
    await guardian.stop()
    throw notUp(error)
  }
}

/** What could not be kept soon after a change is kept at the end, and `stop` says so if it is not. */
const reportTrouble = (error: unknown): void => {
  process.emitWarning(`The local cloud could not keep its state: ${(error as Error).message}`)
}

/** Where the stacks want to be: an ARN that is written out in them must be true. */
function accountOf({ account, region }: LocalCloudOptions, source: Source | undefined) {
  return accountFor(source?.chosen ?? [], defaultAccount, {
    ...(account !== undefined && { accountId: account }),
    ...(region !== undefined && { region }),
  }).account
}
