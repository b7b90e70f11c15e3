import { functionOfLog } from '../../model/names.ts'
import type { WireEvent } from '../../model/protocol.ts'
import { bench, rows } from '../state.ts'

/** The lines that a function logged in one invocation. */
export function Logged({ event }: { event: WireEvent & { kind: 'invocation' } }) {
  const lines = linesOf(event)
  if (lines.length === 0) return null
  return (
    <section class="card">
      <h3 class="label">What it logged</h3>
      <pre tabIndex={0}>{lines.join('\n')}</pre>
    </section>
  )
}

function linesOf({ requestId, functionName }: WireEvent & { kind: 'invocation' }): readonly string[] {
  const { directory } = bench.value!
  const all = rows.value.flatMap(({ event }) => (event.kind === 'log' ? event : []))
  const start = all.findLastIndex(one => one.message.includes(`START RequestId: ${requestId}`))
  const first = all[start]
  if (!first) return []
  const lines = all
    .slice(start)
    .filter(
      one => one.logStream === first.logStream && functionOfLog(one.logGroup, directory) === functionName,
    )
    .map(one => one.message.trimEnd())
  const end = lines.findIndex(line => line.startsWith('REPORT RequestId'))
  return end < 0 ? lines : lines.slice(0, end + 1)
}
