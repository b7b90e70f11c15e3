import './finding.css'
import { duration } from '../../model/describe.ts'
import type { FindingOnWire } from '../../model/protocol.ts'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { Copy } from '../copy.tsx'
import { go } from '../state.ts'
import { showRange } from '../wire/state.ts'

/** A report has no server that could do something. */
const isReport = document.getElementById('recorded') !== null

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
      {isBroken && <Story found={found!} />}
    </li>
  )
}

function Story({ found: { finding, from, to } }: { found: FindingOnWire }) {
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
              <pre tabIndex={0} role="region" aria-label="Evidence">
                {evidence.map((line, at) => (
                  <span
                    key={at}
                    class={/AccessDenied|Error|denied|Forbidden|logged:/.test(line) ? 'hit' : ''}
                  >
                    {line}
                    {'\n'}
                  </span>
                ))}
              </pre>
            </dd>
          </div>
        )}
        {where && (
          <div>
            <dt>where</dt>
            <dd class="acts">
              <code>{where}</code> <Copy text={where} />
              {!isReport && <Button onClick={() => tell('editor', { where })}>Open in the editor</Button>}
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
