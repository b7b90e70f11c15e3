import './inside.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../ask.ts'
import { Button } from '../button.tsx'
import { place, rows } from '../state.ts'
import { Apis } from './apis.tsx'
import { Functions } from './functions.tsx'
import { Queues } from './queues.tsx'
import { Roles } from './roles.tsx'
import { Tables } from './tables.tsx'
import { Topics } from './topics.tsx'

const looks: Readonly<Record<string, { title: string; view: (given: { found: any }) => any }>> = {
  tables: { title: 'Tables', view: Tables },
  functions: { title: 'Functions and logs', view: Functions },
  apis: { title: 'Routes', view: Apis },
  roles: { title: 'Roles', view: Roles },
  queues: { title: 'Queues', view: Queues },
  topics: { title: 'Topics', view: Topics },
}

/** What is in the account, read by the AWS API. */
export function InsideView() {
  const asked = place.value.split('/')[1] ?? ''
  const name = asked in looks ? asked : 'tables'
  const found = useSignal<{ name: string; what: unknown } | string>('')
  const load = () =>
    ask(`inside/${name}`).then(
      what => {
        found.value = { name, what }
      },
      error => {
        found.value = error.message
      },
    )
  // What changes rows, queues and roles is on the wire: after a pause there, it is looked up again.
  const newest = rows.value.at(-1)?.id
  useEffect(() => {
    const timer = setTimeout(load, 300)
    return () => clearTimeout(timer)
  }, [name, name === 'roles' || name === 'apis' ? 0 : changesOf(newest)])
  const { view: View } = looks[name]!
  return (
    <section class="inside" aria-label="Inside">
      <nav aria-label="What to look at">
        {Object.entries(looks).map(([key, { title }]) => (
          <a key={key} href={`#/inside/${key}`} aria-current={key === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
        <Button onClick={load}>Look again</Button>
      </nav>
      <div class="found" tabIndex={0} role="region" aria-label={looks[name]!.title}>
        {typeof found.value === 'string' ? (
          <p class="soft">{found.value}</p>
        ) : (
          found.value.name === name && <View found={found.value.what} />
        )}
      </div>
    </section>
  )
}

/** Looking is a call itself, and on the wire: only what others do counts. */
function changesOf(_newest: number | undefined): number {
  return rows.value.findLast(row => row.kind !== 'onlooker')?.id ?? 0
}
