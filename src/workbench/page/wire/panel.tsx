import './panel.css'
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { factsOf, whyNothing } from '../../model/facts.ts'
import { askerOf, functionOfLog, shortArn, shortName } from '../../model/names.ts'
import type { Row } from '../../model/row.ts'
import { sameOnAws } from '../../model/same-on-aws.ts'
import { ask } from '../ask.ts'
import { Button } from '../button.tsx'
import { Copy } from '../copy.tsx'
import { bench, go, rows } from '../state.ts'
import { draft } from '../try/state.ts'
import { byId, causes, filter, follow, notes, pick } from './state.ts'

/** Everything about one event: what, why, caused by whom, what came of it, and where the same is on AWS. */
export function Panel({ row }: { row: Row }) {
  const { directory } = bench.value!
  const { event } = row
  const before = causes.value.before(row.id)
  const after = causes.value.after(row.id)
  const heading = useRef<HTMLHeadingElement>(null)
  const same = sameOnAws(event, directory)
  const silence = whyNothing(row, rows.value, causes.value) ?? notes.value.get(row.id)
  return (
    <aside class="panel" aria-label="The event">
      <div class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
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
        {event.kind === 'frame' && event.direction === 'in' && bench.value!.sockets.length > 0 && (
          <Button
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
      {event.kind === 'decision' && <Policy principal={event.principal} action={event.action} />}
      {event.kind === 'invocation' && <Lines row={row} />}
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

function Text({ title, text }: { title: string; text: string }) {
  return (
    <section class="card">
      <h3 class="label">{title}</h3>
      <pre tabIndex={0}>{pretty(text)}</pre>
    </section>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Events that one can go to, in order. */
function Trail({ title, ids }: { title: string; ids: readonly number[] }) {
  const known = ids.flatMap(id => byId.value.get(id) ?? [])
  if (known.length === 0) return null
  return (
    <section class="card">
      <h3 class="label">{title}</h3>
      <ol class="trail">
        {known.slice(0, 30).map(row => (
          <li key={row.id}>
            <button type="button" class={row.bad ? 'bad' : ''} onClick={() => pick(row.id)}>
              {row.bad ? '✕ ' : ''}
              {row.twin}
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The lines that a function logged in one invocation. */
function Lines({ row }: { row: Row }) {
  const { event } = row
  if (event.kind !== 'invocation') return null
  const { directory } = bench.value!
  const all = rows.value.map(one => one.event)
  const start = all.findLastIndex(
    one => one.kind === 'log' && one.message.includes(`START RequestId: ${event.requestId}`),
  )
  const first = all[start]
  const lines =
    first?.kind === 'log'
      ? all
          .slice(start)
          .filter(
            one =>
              one.kind === 'log' &&
              one.logStream === first.logStream &&
              functionOfLog(one.logGroup, directory) === event.functionName,
          )
          .map(one => (one.kind === 'log' ? one.message.trimEnd() : ''))
      : []
  const end = lines.findIndex(line => line.startsWith('REPORT RequestId'))
  const shown = end < 0 ? lines : lines.slice(0, end + 1)
  if (shown.length === 0) return null
  return (
    <section class="card">
      <h3 class="label">What it logged</h3>
      <pre tabIndex={0}>{shown.join('\n')}</pre>
    </section>
  )
}

interface Role {
  readonly policies: readonly {
    readonly name: string
    readonly statements: readonly Record<string, unknown>[]
  }[]
  readonly attached: readonly string[]
}

/** What the role of the one who asked allows, as long as the role is there. */
function Policy({ principal, action }: { principal: string; action: string }) {
  const { directory, sockets } = bench.value!
  const asker = askerOf(principal, directory)
  const name = asker.kind === 'function' || asker.kind === 'role' ? asker.role : ''
  const role = useSignal<Role | string>('')
  useEffect(() => {
    role.value = ''
    if (name && sockets.length > 0)
      ask<Role>('inside/role', { name }).then(
        found => {
          role.value = found
        },
        () => {
          role.value = 'The role is no longer there.'
        },
      )
  }, [name])
  if (!name || role.value === '') return null
  if (typeof role.value === 'string') return <p class="soft">{role.value}</p>
  const prefix = `${action.split(':')[0]}:`.toLowerCase()
  const statements = role.value.policies.flatMap(policy => policy.statements)
  const speaks = JSON.stringify(statements).toLowerCase().includes(prefix)
  return (
    <section class="card">
      <h3 class="label">The role’s policy · {shortName(name, directory)}</h3>
      {statements.map((statement, at) => (
        <pre key={at}>{statementInWords(statement, directory)}</pre>
      ))}
      {!speaks && <p class="lacks">Nothing in it is about {prefix.slice(0, -1)}.</p>}
    </section>
  )
}

function statementInWords(
  statement: Record<string, unknown>,
  directory: Parameters<typeof shortArn>[1],
): string {
  const list = (value: unknown) =>
    [value].flat().map(one => (typeof one === 'string' ? shortArn(one, directory) : JSON.stringify(one)))
  const actions = list(statement.Action ?? statement.NotAction)
  const word = statement.NotAction ? 'all but ' : ''
  const condition = statement.Condition ? `\n  if  ${JSON.stringify(statement.Condition)}` : ''
  return `${statement.Effect}  ${word}${actions.join(', ')}\n  on  ${list(statement.Resource ?? '*').join(', ')}${condition}`
}
