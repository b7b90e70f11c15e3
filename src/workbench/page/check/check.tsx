import './check.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Verdict } from '#kit'
import { duration } from '../../model/drawn.ts'
import type { CheckState } from '../../model/protocol.ts'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { numberOf } from '../head.tsx'
import { bench, chosen } from '../state.ts'
import { FindingCard } from './finding.tsx'
import { Next } from './next.tsx'
import { Watch } from './watch.tsx'

const tick = signal(Date.now())

/** The check of the chosen lab: each promise as it is judged. */
export function CheckView() {
  const { check, cannot, labs } = bench.value!
  const lab = chosen.value
  const isRunning = check !== undefined && check.verdict === undefined
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => {
      tick.value = Date.now()
    }, 100)
    return () => clearInterval(timer)
  }, [isRunning])
  const shown = check && (!lab || check.lab === lab.id) ? check : undefined
  return (
    <section class="check" aria-label="Check" tabIndex={0}>
      {shown ? (
        <Summary check={shown} />
      ) : (
        lab && (
          <p class="begin">
            {lab.last
              ? `The last check of ${numberOf(lab.id)} kept ${lab.last.kept} of ${lab.last.of} promises.`
              : `${lab.title} has not been checked yet.`}
          </p>
        )
      )}
      {labs.length > 0 && lab && (
        <div class="acts">
          <Button
            class={shown ? '' : 'primary'}
            why={cannot.check}
            onClick={() => tell('check', { lab: lab.id })}
          >
            {shown ? 'Check again' : 'Check'}
          </Button>
          <Watch lab={lab.id} />
          {shown?.verdict && <Next check={shown} />}
        </div>
      )}
      {shown && <Course check={shown} />}
    </section>
  )
}

const outcomes = { pass: 'Fixed', fail: 'Not fixed yet', error: 'Could not check' }

/** The words of the terminal: what was never broken cannot be fixed. */
const resultOf = ({ hasFault }: CheckState, { verdict }: Verdict): string =>
  verdict === 'pass' && !hasFault ? 'All is well' : outcomes[verdict]

/** What it has come to so far. */
function Summary({ check }: { check: CheckState }) {
  const { criteria, findings, verdict, step } = check
  const found = new Map(findings.map(({ finding }) => [finding.id, finding.verdict]))
  const next = nextOf(check)
  const kept = findings.filter(({ finding }) => finding.verdict === 'pass').length
  const seconds = ((verdict ? verdict.ms.total : tick.value - check.startedAt) / 1000).toFixed(1)
  const says = verdict ? resultOf(check, verdict) : 'Checking …'
  return (
    <div class={`sum ${verdict?.verdict ?? ''}`}>
      <b role="status">{says}</b>
      <span class="bars" aria-hidden="true">
        {criteria.map(({ id }) => (
          <i key={id} class={found.get(id) ?? (id === next ? 'now' : '')} />
        ))}
      </span>
      <span class="soft">
        {kept} of {criteria.length} promises kept
      </span>
      <span class="time">{seconds} s</span>
      {step && (
        <span class="step" role="status">
          {step.says}
          <span class="since" aria-hidden="true">
            {' '}
            {duration(Math.max(0, tick.value - step.since))}
          </span>
        </span>
      )}
    </div>
  )
}

/** The promise that is being tried. */
const nextOf = ({ criteria, findings, verdict }: CheckState): string | undefined =>
  verdict ? undefined : criteria.find(one => !findings.some(({ finding }) => finding.id === one.id))?.id

function Course({ check }: { check: CheckState }) {
  const { criteria, findings } = check
  const found = new Map(findings.map(one => [one.finding.id, one]))
  // A stack that never came up is a finding of its own, before all criteria.
  const extra = findings.filter(({ finding }) => !criteria.some(one => one.id === finding.id))
  const next = nextOf(check)
  return (
    <ol class="criteria">
      {extra.map(one => (
        <FindingCard key={one.finding.id} found={one} says={one.finding.says} isNow={false} />
      ))}
      {criteria.map(({ id, says }) => (
        <FindingCard key={id} found={found.get(id)} says={says} isNow={id === next} />
      ))}
    </ol>
  )
}
