import './list.css'
import type { LabState } from '../../model/protocol.ts'
import { bench, choose, chosen, go, place } from '../state.ts'

/** Every lab with its progress. */
export function LabList() {
  return (
    <nav class="lab-list" aria-label="Labs">
      <h2 class="label">Labs</h2>
      <ul>
        {bench.value!.labs.map(lab => (
          <LabLink key={lab.id} lab={lab} />
        ))}
      </ul>
    </nav>
  )
}

function LabLink({ lab }: { lab: LabState }) {
  const [mark, name, state] = progressOf(lab)
  return (
    <li>
      <button
        type="button"
        aria-current={chosen.value?.id === lab.id ? 'true' : undefined}
        onClick={() => {
          choose(lab.id)
          if (!/^(labs|check)/.test(place.value)) go('labs')
        }}
      >
        <span class={`mark ${name}`} aria-hidden="true">
          {mark}
        </span>
        <span>
          {/^lab(\d+)/.exec(lab.id)?.[1]} · {lab.title}
          <small>{state}</small>
        </span>
      </button>
    </li>
  )
}

/** The mark, its class, and the state in words. */
export function progressOf({
  hasFault,
  passed,
  last,
}: LabState): [mark: string, name: string, state: string] {
  if (last && last.verdict !== 'pass' && !passed)
    return ['◐', 'open', `${last.kept} of ${last.of} promises kept`]
  if (passed) return ['✓', 'done', `${hasFault ? 'fixed' : 'done'} on ${passed.slice(0, 10)}`]
  return ['○', 'todo', 'not tried']
}
