import { type BuildOptions, type BuildResult, build, stop } from 'esbuild'

/** What esbuild says when its process has ended: it says so for ever, and does not start another. */
const ENDED = /The service (is no longer running|was stopped)/
/** How many times another process is started for one bundle. */
const TRIES = 2

/** How many times esbuild's process has been replaced. */
let replaced = 0

/** esbuild's `build`. When esbuild's process was ended by somebody else, another one does the work. */
export async function bundle<T extends BuildOptions>(options: T, tries = TRIES): Promise<BuildResult<T>> {
  const before = replaced
  try {
    return await build(options as never)
  } catch (error) {
    if (tries === 0 || !ENDED.test(String(error))) throw error
    // Every other bundle under way has failed as well. Only the first of them replaces the process.
    if (before === replaced) {
      replaced++
      await stop()
    }
    return bundle(options, tries - 1)
  }
}
