import { join } from 'node:path'
import type { Finding, Lab } from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { fixesOf } from '../fixes/fixes.ts'
import { handInOf, layOut } from '../fixes/lay-out.ts'
import { type Assembler, onItsOwn } from '../run/assemble.ts'
import { check } from '../run/check.ts'
import { keptBrowser } from '../run/kept-browser.ts'
import { sharedAssembler } from '../run/shared-assembler.ts'
import type { Choice } from '../run/source.ts'
import { workspace } from '../run/workspace.ts'
import { labsTarget } from '../targets/aws/labs.ts'
import { borrowAccount, browserSwitches } from './borrowed-account.ts'
import { enter } from './enter.ts'

/** One thing to check, and the criterion that is to refuse it; undefined for what is to pass. */
interface Case {
  readonly name: string
  readonly choice: Choice
  readonly refusedAt?: string | undefined
  readonly orAt?: readonly string[]
  /** What the local cloud does not support yet: the borrowed account is one, too. */
  readonly lacks?: string | undefined
}

/** What became of one. `not checked here` is what only a promise refuses that AWS cannot try, and what the local cloud lacks something for. */
export interface Proof {
  readonly name: string
  readonly outcome: 'as it should be' | 'not checked here' | 'otherwise'
  readonly because: string
}

/** How many checks are under way at a time, each by an attendee of its own. */
const AT_ONCE = 2

/**
 * Checks a lab's starter, solution, wrong and right fixes with the target aws, through the CDK's own command line, in a borrowed account.
 *
 * From then on this process, and what it starts, reaches nothing but that account, which is gone: it is for a command that ends with this.
 */
export async function* proveOnAws(lab: Lab, guardian: Guardian): AsyncGenerator<Proof> {
  const waiting = await casesOf(lab, workspace(guardian, `${lab.id}-fixes`))
  const { WSLAB_BROWSER } = process.env
  const borrowed = await borrowAccount()
  const { hand, stop } = await enter(borrowed)
  // A page can be led to the borrowed account, so it is tried.
  if (WSLAB_BROWSER === undefined) delete process.env.WSLAB_BROWSER
  else process.env.WSLAB_BROWSER = WSLAB_BROWSER
  const shared = sharedAssembler(lab, [], guardian)
  // The proof in the local cloud has seen to the types, but for a fix that is to be refused for them.
  const untyped: Assembler = { ...shared, async typecheck() {} }
  const typed = onItsOwn(guardian)
  const kept = keptBrowser(guardian, browserSwitches(borrowed.cloud.endpoint))
  const browser = { open: kept.open, close: async () => {} }
  const directory = guardian.temporaryFolder('wslab-cdk-')
  const home = guardian.temporaryFolder('wslab-cdk-home-')

  try {
    const underWay = new Map<string, Promise<Proof>>()
    while (waiting.length > 0 || underWay.size > 0) {
      for (let one = next(); one; one = next()) underWay.set(one.name, proven(one))
      const proof = await Promise.race(underWay.values())
      underWay.delete(proof.name)
      yield proof
    }

    function next(): Case | undefined {
      return underWay.size < AT_ONCE ? waiting.shift() : undefined
    }
  } finally {
    shared.stop()
    await kept.close()
    stop()
    await borrowed.stop()
  }

  async function proven({ name, choice, refusedAt, orAt = [], lacks }: Case): Promise<Proof> {
    if (lacks) return { name, outcome: 'not checked here', because: `the local cloud lacks ${lacks}` }
    const attendee = name.replace(/[^a-z0-9]/g, '-').slice(0, 20)
    const target = labsTarget(hand, { attendee, guardian, directory, home, tell() {} })
    const assembler = refusedAt === 'compiles' ? typed : untyped
    const findings: Finding[] = []
    for await (const finding of check(lab, choice, target, guardian, assembler, browser)) {
      findings.push(finding)
      if (finding.verdict === 'fail' || finding.verdict === 'error') break
    }
    return { name, ...judged(findings, refusedAt, orAt) }
  }
}

/** Everything that is to be checked. The fixes are laid out in `shelf`. */
async function casesOf(lab: Lab, shelf: string): Promise<Case[]> {
  const cases: Case[] = [
    { name: 'starter', choice: { kind: 'starter' }, refusedAt: lab.starterBreaks[0] },
    { name: 'solution', choice: { kind: 'solution' } },
  ]
  for (const fix of fixesOf(lab)) {
    const name = `${fix.kind}/${fix.name}`
    const directory = join(shelf, fix.kind, fix.name)
    await layOut(fix, directory)
    cases.push({
      name,
      choice: handInOf(fix, directory),
      refusedAt: fix.refusedAt,
      orAt: fix.orAt,
      lacks: fix.lacks,
    })
  }
  return cases
}

function judged(
  findings: readonly Finding[],
  refusedAt: string | undefined,
  orAt: readonly string[] = [],
): Omit<Proof, 'name'> {
  const broken = findings.find(({ verdict }) => verdict === 'fail' || verdict === 'error')
  if ((broken?.id === refusedAt || orAt.includes(broken?.id ?? '')) && broken?.verdict !== 'error') {
    return { outcome: 'as it should be', because: broken ? `refused at ${broken.id}` : 'passes' }
  }
  const untried = findings.find(({ id, verdict }) => id === refusedAt && verdict === 'skipped')
  if (!broken && untried) return { outcome: 'not checked here', because: `${untried.id}: ${untried.means}` }
  const seen = broken ? `${broken.verdict} at ${broken.id}: ${broken.observed ?? broken.means}` : 'it passes'
  return {
    outcome: 'otherwise',
    because: `${seen}; it should ${refusedAt ? `fail at ${refusedAt}` : 'pass'}`,
  }
}
