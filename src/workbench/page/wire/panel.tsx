import './panel.css'
import { factsOf, whyNothing } from '../../model/facts.ts'
import type { Row } from '../../model/row.ts'
import { sameOnAws } from '../../model/same-on-aws.ts'
import { Button } from '../button.tsx'
import { Copy } from '../copy.tsx'
import { bench, go, isReport, rows } from '../state.ts'
import { draft } from '../try/state.ts'
import { Logged } from './logged.tsx'
import { Policy } from './policy.tsx'
import { byId, causes, filter, follow, notes, pick } from './state.ts'
import { Text } from './text.tsx'
import { Trail } from './trail.tsx'

/** Everything about one event: what, why, caused by whom, what came of it, and where the same is on AWS. */
export function Panel({ row }: { row: Row }) {
  const { directory, cannot } = bench.value!
  const { event } = row
  const before = causes.value.before(row.id)
  const after = causes.value.after(row.id)
  const given = event.kind === 'invocation' ? givenTo(event.causedBy) : undefined
  const same = sameOnAws(event, directory)
  const silence = whyNothing(row, rows.value, causes.value) ?? notes.value.get(row.id)
  return (
    <aside class="panel" aria-label="The event">
      <div class="panel-head">
        <h2>
          {row.bad && <span class="tag">{tagOf(row)}</span>} {titles[event.kind]}
        </h2>
        <button type="button" onClick={close} aria-label="Close the panel">
          ✕
        </button>
      </div>
      <p class={row.bad ? 'twin bad' : 'twin'}>{row.twin}</p>
      {silence && <p class="silence">{silence}</p>}
      <dl>
        {factsOf(event, directory).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
      {event.kind === 'frame' && <Text title="The frame" text={event.text} />}
      {event.kind === 'invoke' && <Text title="What it is given" text={event.payload} />}
      {given && <Text title="What it was given" text={given} />}
      {event.kind === 'invocation' && event.response && (
        <Text title="What it returned" text={event.response} />
      )}
      {event.kind === 'message' && <Text title="The message" text={event.body} />}
      {event.kind === 'published' && <Text title="The message" text={event.message} />}
      {event.kind === 'log' && <Text title="The line" text={event.message} />}
      <div class="acts">
        {(before.length > 0 || after.length > 0) && (
          <Button pressed={filter.value.only?.has(row.id) === true} onClick={() => follow(row.id)} title="F">
            Follow this message
          </Button>
        )}
        {event.kind === 'frame' && event.direction === 'in' && !isReport && (
          <Button
            why={cannot.connect}
            onClick={() => {
              draft.value = event.text
              go('try')
            }}
          >
            Send again, edited
          </Button>
        )}
      </div>
      <Trail title="Caused by" ids={before} />
      <Trail title="And then" ids={after} />
      {event.kind === 'decision' && <Policy event={event} />}
      {event.kind === 'invocation' && <Logged event={event} />}
      <section class="card" hidden={same.length === 0}>
        <h3 class="label">The same on AWS</h3>
        {same.map(({ what, text }) => (
          <div class="same" key={what + text}>
            <span class="what">{what}</span>
            <pre tabIndex={0}>{text}</pre>
            <Copy text={text} />
          </div>
        ))}
      </section>
      <details class="card">
        <summary class="label">The event as JSON</summary>
        <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
      </details>
    </aside>
  )
}

function close() {
  pick(undefined)
  document.getElementById('wire-rows')?.focus()
}

const titles: Readonly<Record<Row['event']['kind'], string>> = {
  handshake: 'Handshake',
  frame: 'Frame',
  close: 'Close',
  invocation: 'Invocation',
  decision: 'IAM decision',
  item: 'Change of an item',
  log: 'Log line',
  alarm: 'Alarm',
  resource: 'Deployment',
  knock: 'Request for a connection',
  invoke: 'Start of an invocation',
  call: 'Call',
  answer: 'Answer',
  message: 'Message in a queue',
  published: 'Message to a topic',
}

const tagOf = ({ event }: Row): string =>
  event.kind === 'decision' ? 'DENIED' : event.kind === 'handshake' ? 'REFUSED' : 'FAILED'

/** The JSON text with which an invocation began. */
function givenTo(invoke: number | undefined): string | undefined {
  const event = byId.value.get(invoke ?? -1)?.event
  return event?.kind === 'invoke' ? event.payload : undefined
}
