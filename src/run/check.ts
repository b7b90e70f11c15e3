import {
  type Assembly,
  type Criterion,
  DeployFailed,
  type Deployment,
  type Finding,
  type Lab,
  NotSupportedHere,
  type Outcome,
  type Target,
  type Verdict,
} from '#kit'
import type { Guardian } from '../cloud/guardian.ts'
import { type Assembler, assemble, onItsOwn, usualSynthesis } from './assemble.ts'
import { equipment } from './equipment.ts'
import { judge, LACKS, LACKS_HINT } from './judge.ts'
import { judgedEarly } from './judged-early.ts'
import { type KeptBrowser, keptBrowser } from './kept-browser.ts'
import { comesAfter, notJudged, type OutOfReach } from './not-judged.ts'
import { releases } from './releases.ts'
import { type Choice, findSource, labelOf } from './source.ts'
import { StackProblem } from './stack-problem.ts'
import { stopwatch } from './stopwatch.ts'
import { untilSettled } from './until-settled.ts'
import { workspace } from './workspace.ts'

/** A check on its way: each finding as it comes, at the end the verdict. */
export type Checking = AsyncGenerator<Finding, Verdict>

/**
 * The whole way of a lab, in the order it happens: synth, deploy, probe, judge, clear away. A generator, so that every
 * reader gets the findings as they come, and whoever stops reading still clears away.
 *
 * `tell` hears of each step as it begins.
 *
 * @throws BadSource for a hand-in that cannot be used; any other error is ours or the machine's.
 */
export async function* check(
  lab: Lab,
  choice: Choice,
  target: Target,
  guardian: Guardian,
  assembler: Assembler = onItsOwn(guardian),
  browser: KeptBrowser = keptBrowser(guardian),
  tell: (step: string) => void = () => {},
): Checking {
  const watch = stopwatch()
  const folder = workspace(guardian, lab.id)
  const findings: Finding[] = []
  const outOfReach: OutOfReach = new Map()
  let deployment: Deployment | undefined
  let begun: ReturnType<typeof judgedEarly> = new Map()
  try {
    tell('compiling and synthesizing')
    const source = await findSource(lab, choice, folder)
    const as = (await target.synthesis?.(lab.id)) ?? usualSynthesis(lab)
    const { assembly, compiles } = await assemble(source, lab, folder, guardian, assembler, as)
    watch.lap('synth')
    tell('deploying')
    deployment = await deploy(assembly, target, compiles)
    const up = releases({
      assembly,
      deployment,
      synth: context => assembler.synth(source, { ...as, context: { ...as.context, ...context } }, folder),
      deploy: next => deploy(next, target, compiles),
    })
    const settled = untilSettled(target.settling)
    watch.lap('deploy')
    const atHand = equipment(source.directory, browser, guardian, up.release)
    const judged = (criterion: Criterion) => judge(criterion, up.deployment, up.origins, atHand)
    begun = judgedEarly(lab.criteria, target, judged)
    for (const criterion of lab.criteria) {
      tell(`trying: ${criterion.says}`)
      const finding =
        (await notJudged(criterion, findings, outOfReach, target, browser)) ??
        (await begun.get(criterion.id)) ??
        (await settled(() => judged(criterion)))
      await compiles
      findings.push(finding)
      yield finding
    }
    watch.lap('probe')
  } catch (error) {
    if (!(error instanceof StackProblem)) throw error
    for (const finding of neverUp(error, lab, watch.sinceLap())) {
      findings.push(finding)
      yield finding
    }
  } finally {
    tell('clearing away')
    await browser.close()
    await Promise.all(begun.values())
    await deployment?.destroy()
    guardian.removeFolder(folder)
  }
  return {
    version: 1,
    lab: lab.id,
    target: target.name,
    source: labelOf(choice),
    verdict: verdictOf(findings),
    criteria: findings,
    ms: watch.read(),
  }
}

async function deploy(assembly: Assembly, target: Target, compiles: Promise<void>): Promise<Deployment> {
  try {
    return await target.deploy(assembly)
  } catch (error) {
    if (!(error instanceof DeployFailed || error instanceof NotSupportedHere)) throw error
    await compiles
    const origin = assembly.origins.find(one => one.logicalId === error.logicalId)
    const where = origin?.line ? { where: origin.line } : {}
    if (error instanceof NotSupportedHere) {
      const observed = `The ${target.name} cloud does not support everything in this stack.`
      throw new StackProblem(
        'deploys',
        { observed, evidence: error.lines, means: LACKS, ...where },
        LACKS_HINT,
      )
    }
    throw new StackProblem('deploys', {
      observed: error.reason,
      evidence: error.evidence,
      means: 'The template cannot be deployed as it is.',
      ...where,
    })
  }
}

const promises = {
  compiles: 'The code compiles',
  synthesizes: 'The stack can be synthesized',
  deploys: 'The stack can be deployed',
}

/** The finding about a stack that never came up, and all criteria as skipped because of it. */
function neverUp({ step, seen, lacks }: StackProblem, lab: Lab, ms: number): Finding[] {
  const first: Finding = {
    id: step,
    says: promises[step],
    verdict: lacks ? 'error' : 'fail',
    ...seen,
    hint: lacks ?? `docs/when-it-does-not-deploy.md#${step}`,
    ms,
  }
  return [first, ...lab.criteria.map(criterion => comesAfter(criterion, step))]
}

/** One broken promise is a fail; where none is broken, one that could not be judged is an error. */
function verdictOf(findings: readonly Finding[]): Outcome {
  const has = (verdict: Finding['verdict']) => findings.some(finding => finding.verdict === verdict)
  return has('fail') ? 'fail' : has('error') ? 'error' : 'pass'
}
