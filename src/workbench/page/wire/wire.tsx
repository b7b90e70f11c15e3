import './wire.css'
import { useEffect } from 'preact/hooks'
import { rows } from '../state.ts'
import { Diagram } from './diagram.tsx'
import { Panel } from './panel.tsx'
import { byId, picked, shown } from './state.ts'
import { Strip } from './strip.tsx'
import { Tools } from './tools.tsx'

/** Everything that happens in the cloud, as it happens. */
export function WireView() {
  useEffect(() => {
    addEventListener('keydown', toFilter)
    return () => removeEventListener('keydown', toFilter)
  }, [])
  const row = byId.value.get(picked.value ?? -1)
  return (
    <section class="wire" aria-label="Wire">
      <Tools />
      <Strip />
      <div class={row ? 'board with-panel' : 'board'}>
        {shown.value.length > 0 ? <Diagram /> : <Nothing />}
        {row && <Panel row={row} />}
      </div>
    </section>
  )
}

function Nothing() {
  return (
    <p class="nothing">
      {rows.value.length === 0
        ? 'Nothing has happened yet. Connect a client in “Try it”, or check a lab: each frame, decision and invocation will be a row here.'
        : 'Nothing that has happened fits the filter.'}
    </p>
  )
}

function toFilter(event: KeyboardEvent) {
  if (
    event.key !== '/' ||
    event.target instanceof HTMLInputElement ||
    event.target instanceof HTMLTextAreaElement
  )
    return
  event.preventDefault()
  document.getElementById('wire-filter')?.focus()
}
