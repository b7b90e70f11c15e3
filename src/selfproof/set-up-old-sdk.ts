import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { oldSdk, oldSdkHome } from '../run/old-sdk.ts'

/** The last one that there will be. */
const PACKAGE = 'aws-sdk@2.1693.0'
/** How long npm may take, in milliseconds: 14 MB on a slow line. */
const PATIENCE = 120_000

/** Sees to it that the AWS SDK v2 is at hand, once. Answers with its folder; undefined, and npm's words on stderr, where it cannot be had. */
export async function setUpOldSdk(): Promise<string | undefined> {
  const found = oldSdk()
  if (found) return found
  mkdirSync(oldSdkHome, { recursive: true })
  const args = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', PACKAGE]
  const npm = spawn('npm', ['install', '--prefix', oldSdkHome, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // On Windows npm is a script.
    shell: process.platform === 'win32',
    timeout: PATIENCE,
  })
  npm.on('error', error => process.stderr.write(`${error.message}\n`))
  await once(npm, 'close')
  return oldSdk()
}
