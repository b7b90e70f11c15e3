import type { StageState } from '../../model/stage.ts'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { bench } from '../state.ts'
import { clients, draft, send } from './state.ts'

/** How many frames are offered. */
const MOST = 8

/** The frame that is said next, frames to begin with, and the clock. */
export function Say({ stages }: { stages: readonly StageState[] }) {
  const { cannot } = bench.value!
  const open = clients.value.filter(one => one.state === 'open')
  return (
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
        {templates(stages).map(text => (
          <button
            type="button"
            class="mono template"
            key={text}
            title={text}
            onClick={() => {
              draft.value = text
            }}
          >
            {text}
          </button>
        ))}
      </div>
      <div class="acts">
        {open.length > 1 && (
          <Button
            onClick={() => {
              for (const one of open) send(one, draft.value)
            }}
          >
            All {open.length} say it
          </Button>
        )}
        <Button why={cannot.clock} onClick={() => tell('clock', { ms: 600_000 })}>
          Ten minutes pass
        </Button>
        <Button why={cannot.clock} onClick={() => tell('clock', { ms: 7_200_000 })}>
          Two hours pass
        </Button>
      </div>
    </div>
  )
}

/** Frames to begin with: the lab's own, else one for each route; and what the clients here have said. */
function templates(stages: readonly StageState[]): string[] {
  const { labs, standing } = bench.value!
  const own = labs.find(({ id }) => id === standing?.lab)?.tries.frames
  const said = clients.value.flatMap(one =>
    one.said.flatMap(({ kind, text }) => (kind === 'sent' ? text : [])),
  )
  return [...new Set([...(own ?? stages.flatMap(({ frames }) => frames)), ...said.reverse()])].slice(0, MOST)
}
