import { Button } from '../button.tsx'
import { Heard } from './client.tsx'
import { type Client, draft, forget, send } from './state.ts'

/** How many of the newest texts are shown. */
const SHOWN = 30
/** How long the next one waits when they speak in turn, in milliseconds. */
const TURN = 100

/** Clients that came together: what they said and heard, counted, and the newest of it. */
export function CrowdCard({ members }: { members: readonly Client[] }) {
  const open = members.filter(({ state }) => state === 'open')
  const why = open.length > 0 ? undefined : 'none of them is connected'
  const all = members.flatMap(({ name, said }) => said.map(one => ({ ...one, text: `${name}: ${one.text}` })))
  const count = (kind: string) => all.filter(one => one.kind === kind).length
  const newest = all.sort((one, other) => one.at - other.at).slice(-SHOWN)
  const title = `A crowd of ${members.length}`
  return (
    <section class={`client ${open.length > 0 ? 'open' : 'closed'}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="soft">
          {open.length} open · sent {count('sent')} · heard {count('heard')}
        </span>
        <button type="button" onClick={() => forget(members)} aria-label="Remove the crowd">
          ✕
        </button>
      </header>
      <Heard said={newest} label="What the crowd said and heard last" />
      <div class="acts">
        <Button
          class="primary"
          why={why}
          title="{n} in the frame becomes each client’s number"
          onClick={() => {
            for (const one of open) send(one, draft.value)
          }}
        >
          All say it
        </Button>
        <Button
          why={why}
          title="{n} in the frame becomes each client’s number"
          onClick={() => inTurn(open, draft.value)}
        >
          In turn
        </Button>
        <Button
          why={why}
          onClick={() => {
            for (const { socket } of open) socket.close(1000, 'goodbye')
          }}
        >
          Close all
        </Button>
      </div>
    </section>
  )
}

async function inTurn(some: readonly Client[], text: string): Promise<void> {
  for (const one of some) {
    if (one.socket.readyState === WebSocket.OPEN) send(one, text)
    await new Promise(resolve => setTimeout(resolve, TURN))
  }
}
