import { setTimeout as pause } from 'node:timers/promises'
import type { Finding, Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import type { Assembler } from '../run/assemble.ts'
import { type Checking, check } from '../run/check.ts'
import type { KeptBrowser } from '../run/kept-browser.ts'
import type { Choice } from '../run/source.ts'
import { localTarget } from '../targets/local.ts'
import { Same } from './assembler.ts'

/** How the check of a mutant ended. One that was dropped does not count: there is nothing that the check could have refused. */
export type Outcome =
  | { readonly kind: 'refused'; readonly at: string }
  | { readonly kind: 'surviving' }
  | { readonly kind: 'not checked'; readonly because: string }
  | { readonly kind: 'dropped'; readonly because: Reason }

export type Reason = 'compiles' | 'synthesizes' | 'deploys' | 'same'

/** How long a check may take, in milliseconds. The longest takes half a minute; a mutant may loop until its time limits. */
const BOUND = 300_000

const steps: readonly string[] = ['compiles', 'synthesizes', 'deploys'] satisfies Reason[]

/**
 * Checks a mutant until a promise is broken, on a cloud of its own. What could not be tried, by a fault of ours, is no
 * refusal; the promises after it may still refuse.
 */
export async function tryMutant(
  lab: Lab,
  choice: Choice,
  guardian: Guardian,
  assembler: Assembler,
  browser: KeptBrowser,
): Promise<Outcome> {
  const target = await localTarget(guardian)
  const late = new AbortController()
  try {
    const course = check(lab, choice, target, guardian, assembler, browser)
    return await Promise.race([
      outcomeOf(course),
      pause(BOUND, undefined, { signal: late.signal }).then(
        (): Outcome => ({ kind: 'not checked', because: `It took more than ${BOUND / 1000} seconds.` }),
      ),
    ])
  } catch (error) {
    if (error instanceof Same) return { kind: 'dropped', because: 'same' }
    return { kind: 'not checked', because: String(error) }
  } finally {
    late.abort()
    await target.stop()
  }
}

async function outcomeOf(course: Checking): Promise<Outcome> {
  let fault: Finding | undefined
  for (;;) {
    const { done, value } = await course.next()
    if (done)
      return fault
        ? { kind: 'not checked', because: `${fault.id}: ${fault.observed}` }
        : { kind: 'surviving' }
    if (value.verdict === 'error') fault ??= value
    if (value.verdict !== 'fail') continue
    // Ended before its time, a check takes its stack down all the same.
    await course.return(undefined as never)
    const { id } = value
    return steps.includes(id) ? { kind: 'dropped', because: id as Reason } : { kind: 'refused', at: id }
  }
}
