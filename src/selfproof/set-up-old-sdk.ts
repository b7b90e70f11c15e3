import { oldSdk, oldSdkHome } from '../run/old-sdk.ts'
import { installBeside } from './install-beside.ts'

/** The last one that there will be. */
const PACKAGE = 'aws-sdk@2.1693.0'

/** Sees to it that the AWS SDK v2 is at hand, once. Answers with its folder; undefined, and npm's words on stderr, where it cannot be had. */
export async function setUpOldSdk(): Promise<string | undefined> {
  if (!oldSdk()) await installBeside(oldSdkHome, PACKAGE)
  return oldSdk()
}
