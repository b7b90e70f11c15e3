import './try.css'
import { useSignal } from '@preact/signals'
import { quoted } from '../../model/same-on-aws.ts'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { Copy } from '../copy.tsx'
import { bench, rows } from '../state.ts'
import { ClientCard } from './client.tsx'
import { SignIn } from './sign-in.tsx'
import { clients, connect, draft, send } from './state.ts'
import { templatesOf } from './templates.ts'

/** Clients of this page's own, at the real sockets of what is up. */
export function TryView() {
  const { sockets, standing, busy } = bench.value!
  const stage = useSignal('')
  const query = useSignal('')
  const protocol = useSignal('')
  const crowd = useSignal('20')
  const at = sockets.includes(stage.value) ? stage.value : (sockets[0] ?? '')
  const why = busy?.says ?? (at ? undefined : 'nothing with a WebSocket API is up')
  const open = clients.value.filter(one => one.state === 'open')
  const join = () => connect(at, query.value, protocol.value)
  return (
    <section class="try" aria-label="Try it" tabIndex={0}>
      <form
        class="new"
        onSubmit={event => {
          event.preventDefault()
          if (!why) join()
        }}
      >
        {sockets.length > 1 && (
          <label>
            Stage
            <select
              value={at}
              onChange={event => {
                stage.value = event.currentTarget.value
              }}
            >
              {sockets.map(one => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          Query
          <input
            value={query.value}
            placeholder="token=…"
            onInput={event => {
              query.value = event.currentTarget.value
            }}
          />
        </label>
        <label>
          Subprotocol
          <input
            value={protocol.value}
            placeholder="graphql-transport-ws"
            onInput={event => {
              protocol.value = event.currentTarget.value
            }}
          />
        </label>
        <Button class="primary" why={why} onClick={join}>
          Connect a client
        </Button>
        <span class="crowd">
          <label>
            A crowd of
            <input
              type="number"
              min="2"
              max="200"
              value={crowd.value}
              onInput={event => {
                crowd.value = event.currentTarget.value
              }}
            />
          </label>
          <Button
            why={why}
            onClick={() => {
              for (let n = 0; n < Math.min(200, Number(crowd.value)); n++) join()
            }}
          >
            Connect it
          </Button>
        </span>
        {at && <Copy what="wscat line" text={wscat(at, query.value, protocol.value)} />}
      </form>
      {at && (
        <SignIn
          up={sockets.join()}
          onToken={token => {
            query.value = withToken(query.value, token)
          }}
        />
      )}
      {why && !busy && <p class="soft">Put a lab up in “Lab”, or check one: what was checked stays up.</p>}
      {at && (
        <div class="say">
          <label for="say">Frame</label>
          <textarea
            id="say"
            rows={3}
            class="mono"
            value={draft.value}
            placeholder='{"action":"…"}'
            onInput={event => {
              draft.value = event.currentTarget.value
            }}
          />
          <div class="acts">
            {templatesOf(standing?.lab, rows.value).map(text => (
              <button
                type="button"
                class="mono template"
                key={text}
                onClick={() => {
                  draft.value = text
                }}
              >
                {text}
              </button>
            ))}
            {open.length > 1 && (
              <Button
                onClick={() => {
                  for (const one of open) send(one, draft.value)
                }}
              >
                All {open.length} say it
              </Button>
            )}
            <Button onClick={() => tell('clock', { ms: 600_000 })}>Ten minutes pass</Button>
            <Button onClick={() => tell('clock', { ms: 7_200_000 })}>Two hours pass</Button>
          </div>
        </div>
      )}
      <div class="clients">
        {clients.value.map(one => (
          <ClientCard key={one.name} client={one} />
        ))}
      </div>
    </section>
  )
}

/** A line for a terminal that connects as this client would. */
const wscat = (stage: string, query: string, protocol: string): string =>
  `npx wscat -c ${quoted(query ? `${stage}?${query}` : stage)}${protocol ? ` -s ${quoted(protocol)}` : ''}`

/** The query with this token in the member that held one, or in `token`. */
function withToken(query: string, token: string): string {
  const members = new URLSearchParams(query)
  const name = [...members.keys()].find(key => /token|auth/i.test(key)) ?? 'token'
  members.set(name, token)
  return members.toString()
}
