import { byId, pick } from './state.ts'

/** How many events are listed. */
const MOST = 30

/** Events that one can go to, in order. */
export function Trail({ title, ids }: { title: string; ids: readonly number[] }) {
  const known = ids.flatMap(id => byId.value.get(id) ?? [])
  if (known.length === 0) return null
  return (
    <section class="card">
      <h3 class="label">{title}</h3>
      <ol class="trail">
        {known.slice(0, MOST).map(row => (
          <li key={row.id}>
            <button type="button" class={row.bad ? 'bad' : ''} title={row.twin} onClick={() => pick(row.id)}>
              {row.bad ? '✕ ' : ''}
              {row.twin}
            </button>
          </li>
        ))}
      </ol>
      {known.length > MOST && (
        <p class="soft">… and {known.length - MOST} more. Follow the message for all.</p>
      )}
    </section>
  )
}
