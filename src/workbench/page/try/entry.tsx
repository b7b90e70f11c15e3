import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { needsTokens, type StageState, usualWay, type Way, withTokens } from '../../model/stage.ts'
import { wscatLine } from '../../model/wscat.ts'
import { ask } from '../ask.ts'
import { Button } from '../button.tsx'
import { Copy } from '../copy.tsx'
import { bench } from '../state.ts'
import { SignIn, signedIn } from './sign-in.tsx'
import { connect, connectCrowd, type Entry } from './state.ts'

/** The most clients of a crowd. */
const MOST = 200

/** How clients connect: where, as whom, and with what; and the buttons that connect them. `onStage` hears which stage is chosen. */
export function EntryForm({ stages }: { stages: Signal<readonly StageState[]> }) {
  const { sockets, standing, labs, cannot, up } = bench.value!
  const chosen = useSignal('')
  const who = useSignal('')
  const crowd = useSignal('20')
  const way = useSignal<Way>({ query: '', protocol: '', headers: '' })
  const isSigned = useSignal(false)
  const url = sockets.includes(chosen.value) ? chosen.value : (sockets[0] ?? '')
  const stage = stages.value.find(one => one.url === url)
  const tries = labs.find(({ id }) => id === standing?.lab)?.tries
  useEffect(() => {
    void ask<readonly StageState[]>('inside/stages').then(found => {
      stages.value = found
    })
  }, [sockets.join()])
  useEffect(() => {
    // As the clients of the lab connect; people change what they like.
    way.value = usualWay(stage, tries)
    isSigned.value = stage?.isSigned ?? false
  }, [stage, tries?.query, tries?.protocol])

  const tokens = signedIn.value.find(({ name }) => name === who.value)
  const filled = withTokens(way.value, tokens)
  const entry: Entry = { ...filled, stage: url, isSigned: isSigned.value }
  const field = (name: keyof Way) => ({
    value: way.value[name],
    onInput: (event: { currentTarget: { value: string } }) => {
      way.value = { ...way.value, [name]: event.currentTarget.value }
    },
  })
  const outputs = up.flatMap(one => Object.entries(one.outputs))
  const nameOf = (socket: string) =>
    outputs.find(([, value]) => value.replace(/\/$/, '') === socket)?.[0] ?? ''
  return (
    <>
      {url && <SignIn up={sockets.join()} who={who} />}
      <form
        class="new"
        aria-label="Connect"
        onSubmit={event => {
          event.preventDefault()
          if (!cannot.connect) connect(entry)
        }}
      >
        {sockets.length > 1 && (
          <label>
            Stage
            <select
              value={url}
              onChange={event => {
                chosen.value = event.currentTarget.value
              }}
            >
              {sockets.map(one => (
                <option key={one} value={one}>
                  {[nameOf(one), one].filter(Boolean).join(': ')}
                </option>
              ))}
            </select>
          </label>
        )}
        {signedIn.value.length > 0 && (
          <label>
            As
            <select
              value={who.value}
              onChange={event => {
                who.value = event.currentTarget.value
              }}
            >
              <option value="">nobody</option>
              {signedIn.value.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          Query
          <input class="mono" placeholder="name=value" {...field('query')} />
        </label>
        <label>
          Subprotocol
          <input class="mono" {...field('protocol')} />
        </label>
        <Button class="primary" why={cannot.connect} onClick={() => connect(entry)}>
          Connect a client
        </Button>
        <span class="crowd">
          <label>
            A crowd of
            <input
              type="number"
              min="2"
              max={MOST}
              value={crowd.value}
              onInput={event => {
                crowd.value = event.currentTarget.value
              }}
            />
          </label>
          <Button
            why={cannot.connect}
            onClick={() => connectCrowd(entry, Math.min(MOST, Math.max(1, Number(crowd.value) || 1)))}
          >
            Connect it
          </Button>
        </span>
        {url && <Copy what="wscat line" text={wscatLine(url, filled)} />}
        <details class="more" open={stage?.isSigned || way.value.headers !== ''}>
          <summary>Headers and signature</summary>
          <label>
            Headers, one a line
            <textarea class="mono" rows={2} placeholder="Name: value" {...field('headers')} />
          </label>
          <label class="tick">
            <input
              type="checkbox"
              checked={isSigned.value}
              onChange={() => {
                isSigned.value = !isSigned.value
              }}
            />{' '}
            Sign the handshake, as IAM asks for
          </label>
          <p class="soft">
            A page in a browser can send no headers on a WebSocket. The workbench adds them here, as wscat
            does with -H.
          </p>
        </details>
      </form>
      {needsTokens(way.value) && !tokens && (
        <p class="soft">
          Nobody has signed in, so {'{idToken}'} is sent empty. Sign a test user in to connect with a token.
        </p>
      )}
    </>
  )
}
