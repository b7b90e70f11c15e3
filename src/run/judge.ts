import { setTimeout as pause } from 'node:timers/promises'
import {
  type Criterion,
  type Deployment,
  type Diagnosis,
  type Finding,
  type Origin,
  type Scene,
  Unmet,
} from '#kit'
import { isStarved, measureStarvation, type Share, type Starvation } from '../machine/starvation.ts'
import type { Equipment } from '../probe/equipment.ts'
import { openScene } from '../probe/scene.ts'
import type { Transcript } from '../probe/transcript.ts'
import { networkCode } from '../probe/unreachable.ts'
import { type Said, whatFunctionsSaid } from './evidence.ts'
import { lineOfGrant } from './line-of-grant.ts'

/**
 * How long to wait for functions that are still at work, in milliseconds: as long as API Gateway waits for one (facts:
 * C15). A function may be given fifteen minutes, and a loop in it uses them all.
 */
const SETTLING_TIME = 29_000

/** What is reported of a stack that the local cloud cannot run. */
export const LACKS =
  'AWS may accept this; the local cloud does not support it. This says nothing about your stack.'
export const LACKS_HINT = 'docs/when-it-does-not-deploy.md#what-the-local-cloud-does-not-support'

type Seen = Omit<Finding, 'id' | 'says' | 'ms'>

/**
 * Tries one criterion on a stack that is up, and says what came of it. Never throws: an error of ours is a finding too. What did not
 * come in time while this machine was starved is tried once more. When that is no better, the machine is too busy to tell.
 */
export async function judge(
  criterion: Criterion,
  deployment: Deployment,
  origins: readonly Origin[],
  equipment: Equipment,
  measure: () => Starvation = measureStarvation,
): Promise<Finding> {
  const once = () => tryOnce(criterion, deployment, origins, equipment, measure)
  const first = await once()
  if (!first.starved) return first.finding
  const second = await once()
  const { finding, starved } = second
  const ms = first.finding.ms + finding.ms
  return { ...finding, ...(starved && finding.verdict === 'fail' && tooBusy(finding, starved)), ms }
}

/** What came of one try. `starved` where it failed for want of time, on a machine that gave this process too little. */
interface Try {
  readonly finding: Finding
  readonly starved?: Share & { readonly elapsed: number }
}

async function tryOnce(
  criterion: Criterion,
  deployment: Deployment,
  origins: readonly Origin[],
  equipment: Equipment,
  measure: () => Starvation,
): Promise<Try> {
  const machine = measure()
  const { scene, transcript, close } = openScene(deployment, equipment)
  try {
    const finding = await judgeOnce(criterion, deployment, origins, scene, transcript)
    const share = machine.read()
    const wantedTime = finding.verdict === 'fail' ? transcript.hasRunOut : finding.verdict === 'error'
    return wantedTime && isStarved(share) ? { finding, starved: share } : { finding }
  } finally {
    machine.end()
    await close()
    // Its clients have left. The next promise begins when the stack has heard of that.
    if (!criterion.early) await atMost(deployment.patience, deployment.settled?.())
  }
}

/** Nobody's fault: the figures say why. */
const tooBusy = ({ observed }: Finding, { waited, elapsed }: Share & { readonly elapsed: number }) => ({
  verdict: 'error' as const,
  observed: observed ?? 'what was waited for did not come in time',
  means: `This machine is too busy to tell: of ${inSeconds(elapsed)} the check itself waited for a processor ${inSeconds(waited)}, and so did not see in time what it waited for, twice. Close other programs, and check again. This says nothing about your stack.`,
})

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

async function judgeOnce(
  criterion: Criterion,
  deployment: Deployment,
  origins: readonly Origin[],
  scene: Scene,
  transcript: Transcript,
): Promise<Finding> {
  const started = Date.now()
  const finding = { id: criterion.id, says: criterion.says }
  try {
    await criterion.probe(scene)
    return { ...finding, verdict: 'pass', ms: Date.now() - started }
  } catch (error) {
    if (!(error instanceof Unmet)) return { ...finding, ...ours(error, transcript), ms: Date.now() - started }
    if (!criterion.early) await atMost(SETTLING_TIME, deployment.settled?.())
    const { said, unread } = criterion.early
      ? { said: [], unread: [] }
      : await whatCanBeRead(deployment, origins, started)
    const seen = broken(criterion, error, transcript, said, unread, origins, deployment)
    const lacked = (!criterion.early && deployment.lackedSince?.(started)) || []
    return {
      ...finding,
      ...(lacked.length > 0 ? notSupported(seen, lacked) : seen),
      ms: Date.now() - started,
    }
  }
}

/** The broken promise stands, whether or not the logs can be read: what keeps them from us becomes evidence itself. */
async function whatCanBeRead(
  deployment: Deployment,
  origins: readonly Origin[],
  since: number,
): Promise<{ said: readonly Said[]; unread: readonly string[] }> {
  try {
    return { said: await whatFunctionsSaid(deployment, origins, since), unread: [] }
  } catch (error) {
    return { said: [], unread: [`(the functions' logs could not be read: ${error})`] }
  }
}

async function atMost(ms: number, event: Promise<void> | undefined): Promise<void> {
  if (!event) return
  const late = new AbortController()
  await Promise.race([event, pause(ms, undefined, { signal: late.signal }).catch(() => {})])
  late.abort()
}

/** The probe itself failed: that is never the learner's fault. */
function ours(error: unknown, transcript: Transcript): Seen {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const code = networkCode(error)
  return {
    verdict: 'error',
    did: transcript.did.join('; '),
    observed: code && !message.includes(code) ? `${name}: ${message} (${code})` : `${name}: ${message}`,
    means: code
      ? 'The connection between the check and the stack failed. This says nothing about your stack: check again.'
      : 'The check itself could not be carried out. This says nothing about your stack.',
  }
}

/** The stack asked for something that only this target has not, and a promise was broken: that may be the reason. */
function notSupported({ evidence = [], did, expected, observed }: Seen, lacked: readonly string[]): Seen {
  return {
    verdict: 'error',
    ...(did ? { did } : {}),
    ...(expected ? { expected } : {}),
    ...(observed ? { observed } : {}),
    evidence: [...lacked.map(one => `not supported here: ${one}`), ...evidence],
    means: LACKS,
    hint: LACKS_HINT,
  }
}

function broken(
  criterion: Criterion,
  unmet: Unmet,
  transcript: Transcript,
  said: readonly Said[],
  unread: readonly string[],
  origins: readonly Origin[],
  deployment: Deployment,
): Seen {
  const evidence = [
    ...transcript.frames,
    ...unmet.evidence,
    // Functions of one name that say the same, in two copies of a construct for instance, are told of once.
    ...new Set(said.map(one => `${one.by.name} logged: ${one.text}`)),
    ...unread,
  ]
  const diagnosis = diagnose(criterion.diagnoses ?? [], [unmet.observed, ...evidence])
  const where =
    unmet.where ??
    lineOfGrant(unmet.granted, origins, deployment) ??
    (diagnosis && placeOf(diagnosis, said, origins))
  const means = unmet.means ?? diagnosis?.means
  return {
    verdict: 'fail',
    did: transcript.did.join('; '),
    expected: unmet.expected,
    observed: unmet.observed,
    evidence,
    ...(means ? { means } : {}),
    ...(where ? { where } : {}),
    hint: diagnosis?.hint ?? criterion.hint,
  }
}

/** The first diagnosis that fits, its sentence filled in from what was seen. */
function diagnose(diagnoses: readonly Diagnosis[], seen: readonly string[]): Diagnosis | undefined {
  for (const diagnosis of diagnoses) {
    const { when } = diagnosis
    if (!when) return diagnosis
    const found = seen.map(line => when.exec(line)).find(match => match !== null)
    if (found)
      return {
        ...diagnosis,
        means: diagnosis.means.replace(/\$(\d)/g, (_, group) => found[Number(group)] ?? ''),
      }
  }
  return undefined
}

function placeOf(
  { when, where }: Diagnosis,
  said: readonly Said[],
  origins: readonly Origin[],
): string | undefined {
  if (!where) return undefined
  if (where === 'the-function-that-said-it') {
    return said.find(one => when?.test(one.text))?.by.line
  }
  return origins.find(
    ({ type, path, logicalId }) =>
      type === where.resource && (!where.named || where.named.test(path) || where.named.test(logicalId)),
  )?.line
}
