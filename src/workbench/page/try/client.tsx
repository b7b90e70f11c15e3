import { useEffect, useRef } from 'preact/hooks'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { rows } from '../state.ts'
import { type Client, draft, forget, send } from './state.ts'

/** One client: what it said and heard, and how to end it. */
export function ClientCard({ client }: { client: Client }) {
  const { name, said, state } = client
  const end = useRef<HTMLOListElement>(null)
  useEffect(() => {
    end.current!.scrollTop = end.current!.scrollHeight
  }, [said.length])
  const why = state === 'open' ? undefined : `${name} is not connected`
  const id = state === 'open' ? connectionOf(client) : undefined
  return (
    <section class={`client ${state}`} aria-label={`Client ${name}`}>
      <header>
        <h2>{name}</h2>
        <span class="soft">{state}</span>
        <button type="button" onClick={() => forget(name)} aria-label={`Remove ${name}`}>
          ✕
        </button>
      </header>
      <ol ref={end} tabIndex={0} aria-label={`What ${name} said and heard`}>
        {said.map(({ kind, text }, at) => (
          <li key={at} class={kind}>
            <span aria-hidden="true">{kind === 'sent' ? '›' : kind === 'heard' ? '‹' : '·'}</span>
            <span class="unseen">{kind === 'note' ? '' : `${kind}: `}</span>
            <span class="mono">{text}</span>
          </li>
        ))}
      </ol>
      <div class="acts">
        <Button class="primary" why={why} onClick={() => send(client, draft.value)}>
          {name} says it
        </Button>
        <Button why={why} onClick={() => client.socket.close(1000, 'goodbye')}>
          Close
        </Button>
        <Button
          why={why ?? (id ? undefined : 'its connectionId can only be told once it has said something')}
          title="DeleteConnection, as a backend would"
          onClick={() => tell('close', { connectionId: id })}
        >
          Server closes
        </Button>
      </div>
    </section>
  )
}

/** The connection that sent the last text of this client, as the wire has it: a client is not told its own id. */
function connectionOf({ said }: Client): string | undefined {
  const last = said.findLast(one => one.kind === 'sent')
  if (!last) return undefined
  const frame = rows.value.findLast(
    ({ event }) => event.kind === 'frame' && event.direction === 'in' && event.text === last.text,
  )
  return frame?.event.kind === 'frame' ? frame.event.connectionId : undefined
}
