import type { Need, Target } from '#kit'
import { NoBrowser } from './browser.ts'
import type { KeptBrowser } from './kept-browser.ts'

const lacking = {
  clock: 'it cannot move the clock',
  domain: 'the check has no custom domain there',
}

/** Why a criterion with these needs cannot be tried here, in a sentence; undefined when it can. Starts the browser if one is needed. */
export async function missing(
  needs: readonly Need[],
  target: Target,
  browser: KeptBrowser,
): Promise<string | undefined> {
  for (const need of needs) {
    if (need === 'browser') {
      if (!(await starts(browser)))
        return 'Not checked here: no browser starts on this machine; npm run doctor says more.'
    } else if (!target.can.has(need)) return `Not checked on ${target.name}: ${lacking[need]}.`
  }
  return undefined
}

async function starts(browser: KeptBrowser): Promise<boolean> {
  try {
    await browser.open()
    return true
  } catch (error) {
    if (error instanceof NoBrowser) return false
    throw error
  }
}
