import { useEffect, useRef } from 'preact/hooks'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { isInTime } from '../wire/state.ts'
import { type Client, draft, forget, type Said, send } from './state.ts'

/** One client: what it said and heard, and how to end it. */
export function ClientCard({ client }: { client: Client }) {
  const { key, name, said, state } = client
  const why = state === 'open' ? undefined : `${name} is not connected`
  return (
    <section class={`client ${state}`} aria-label={`Client ${name}`}>
      <header>
        <h2>{name}</h2>
        <span class="soft">{state}</span>
        <button type="button" onClick={() => forget([client])} aria-label={`Remove ${name}`}>
          ✕
        </button>
      </header>
      <Heard said={said} label={`What ${name} said and heard`} />
      <div class="acts">
        <Button class="primary" why={why} onClick={() => send(client, draft.value)}>
          {name} says it
        </Button>
        <Button why={why} onClick={() => client.socket.close(1000, 'goodbye')}>
          Close
        </Button>
        <Button
          why={why}
          title="DeleteConnection, as a backend would"
          onClick={() => tell('close', { client: key })}
        >
          Server closes
        </Button>
      </div>
    </section>
  )
}

/** What was said and heard, the newest in sight. */
export function Heard({ said, label }: { said: readonly Said[]; label: string }) {
  const end = useRef<HTMLOListElement>(null)
  useEffect(() => {
    end.current!.scrollTop = end.current!.scrollHeight
  }, [said.length])
  return (
    <ol ref={end} tabIndex={0} aria-label={label}>
      {said
        .filter(({ at }) => isInTime.value(at))
        .map(({ kind, text }, at) => (
          <li key={at} class={kind}>
            <span aria-hidden="true">{kind === 'sent' ? '›' : kind === 'heard' ? '‹' : '·'}</span>
            <span class="unseen">{kind === 'note' ? '' : `${kind}: `}</span>
            <span class="mono">{text}</span>
          </li>
        ))}
    </ol>
  )
}
