import './labs.css'
import { tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { bench, choose, chosen, go } from '../state.ts'
import { Comparison } from './comparison.tsx'
import { Hints } from './hints.tsx'
import { progressOf } from './list.tsx'
import { Prose } from './prose.tsx'

/** One lab: its story and task, its hints, and what the solution looks like. */
export function LabsView() {
  const { labs, busy, cannot, standing, watching } = bench.value!
  const lab = chosen.value
  if (!lab) return null
  const isUp = standing?.lab === lab.id
  return (
    <section class="labs" aria-label="Lab">
      <div class="lab-acts">
        <label class="which">
          <span class="unseen">Lab</span>
          <select value={lab.id} onChange={event => choose(event.currentTarget.value)}>
            {labs.map(one => (
              <option key={one.id} value={one.id}>
                {progressOf(one)[0]} {one.title}
              </option>
            ))}
          </select>
        </label>
        <Button
          class="primary"
          why={cannot.check}
          onClick={() => {
            go('check')
            void tell('check', { lab: lab.id })
          }}
        >
          Check
        </Button>
        <Button why={cannot.up} onClick={() => tell('up', { lab: lab.id })}>
          Put the starter up
        </Button>
        {lab.hasFault && (
          <Button why={cannot.up} onClick={() => tell('up', { lab: lab.id, solution: true })}>
            Put the solution up
          </Button>
        )}
        {isUp && (
          <Button why={cannot.down} onClick={() => tell('down')}>
            Take it down
          </Button>
        )}
        <span class="soft" role="status">
          {busy ? `${busy.says} …` : isUp ? `The ${standing.source} is up.` : ''}
          {watching === lab.id ? ' It is checked with each save.' : ''}
        </span>
      </div>
      <div class="columns">
        <article tabIndex={0} aria-label="Story and task">
          <Prose path="story" query={{ lab: lab.id }} />
        </article>
        <aside aria-label="Hints and solution" tabIndex={0}>
          {lab.hasFault && <Hints key={lab.id} lab={lab.id} />}
          <Comparison
            key={`${lab.id} ${lab.passed}`}
            lab={lab.id}
            hasFault={lab.hasFault}
            passed={lab.passed !== undefined}
          />
        </aside>
      </div>
    </section>
  )
}
