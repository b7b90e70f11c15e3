import { rowsOfEvidence } from '../../model/evidence.ts'
import type { FindingOnWire } from '../../model/protocol.ts'
import { go, rows } from '../state.ts'
import { showRange } from '../wire/state.ts'

/** The lines that prove a finding. A line that tells of a row on the wire leads there. */
export function Evidence({ found: { finding, from, to } }: { found: FindingOnWire }) {
  const { evidence = [] } = finding
  const around = rows.value.filter(({ id }) => id >= from && id <= to)
  const meant = rowsOfEvidence(evidence, around)
  return (
    <ol class="evidence" aria-label="Evidence">
      {evidence.map((line, at) => {
        const row = meant[at]
        const isHit = /AccessDenied|Error|denied|Forbidden|logged:/.test(line)
        return (
          <li key={at} class={isHit ? 'hit' : ''}>
            {row ? (
              <button
                type="button"
                title="Show it on the wire"
                onClick={() => {
                  showRange(from, to, row.id)
                  go('wire')
                }}
              >
                {line}
              </button>
            ) : (
              <span>{line}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
