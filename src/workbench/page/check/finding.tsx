import './finding.css'
import { duration } from '../../model/drawn.ts'
import type { FindingOnWire } from '../../model/protocol.ts'
import { Button } from '../button.tsx'
import { go, isReport } from '../state.ts'
import { isInRange, showRange } from '../wire/state.ts'
import { Evidence } from './evidence.tsx'
import { Where } from './where.tsx'

const marks = { pass: '✓', fail: '✗', error: '!', skipped: '–' }
const words = { pass: 'kept', fail: 'broken', error: 'could not be checked', skipped: 'not tried' }

/** One promise: a line while it is kept, the whole story when it is broken. */
export function FindingCard({
  found,
  says,
  isNow,
}: {
  found: FindingOnWire | undefined
  says: string
  isNow: boolean
}) {
  const finding = found?.finding
  const verdict = finding?.verdict
  const isBroken = verdict === 'fail' || verdict === 'error'
  const isOutside = found !== undefined && found.to >= found.from && !isInRange(found.from, found.to)
  return (
    <li class={`finding ${verdict ?? (isNow ? 'now' : 'to-come')}`}>
      <div class="line-of">
        <span class="mark" aria-hidden="true">
          {verdict ? marks[verdict] : isNow ? <i class="spin" /> : '○'}
        </span>
        <h2>
          {says}
          <span class="unseen">: {verdict ? words[verdict] : isNow ? 'being tried' : 'to come'}</span>
        </h2>
        <span class="ms">
          {isNow ? 'trying …' : verdict === 'skipped' ? '' : finding && duration(finding.ms)}
        </span>
      </div>
      {verdict === 'skipped' && <p class="why">{finding!.means}</p>}
      {isBroken && !isOutside && <Story found={found!} />}
      {isBroken && isOutside && <p class="why">It was tried outside the time that is chosen on the wire.</p>}
    </li>
  )
}

function Story({ found }: { found: FindingOnWire }) {
  const { finding, from, to } = found
  const { did, expected, observed, evidence = [], means, where, hint } = finding
  const facts = [
    ['did', did],
    ['expected', expected],
    ['observed', observed],
  ].filter((one): one is [string, string] => one[1] !== undefined)
  return (
    <div class="story">
      {means && <p class="means">{means}</p>}
      <dl>
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {evidence.length > 0 && (
          <div>
            <dt>evidence</dt>
            <dd>
              <Evidence found={found} />
            </dd>
          </div>
        )}
        {where && (
          <div>
            <dt>where</dt>
            <dd>
              <Where where={where} />
            </dd>
          </div>
        )}
      </dl>
      <div class="acts">
        {to >= from && (
          <Button
            class="primary"
            onClick={() => {
              showRange(from, to)
              go('wire')
            }}
          >
            Show on the wire
          </Button>
        )}
        {hint && !isReport && (
          <Button onClick={() => go(`read/${hint.replace('#', '~')}`)}>Read about it</Button>
        )}
        {!isReport && <Button onClick={() => go('labs')}>A hint</Button>}
      </div>
    </div>
  )
}
