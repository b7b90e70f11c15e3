import './try.css'
import { useSignal } from '@preact/signals'
import type { StageState } from '../../model/stage.ts'
import { bench } from '../state.ts'
import { ClientCard } from './client.tsx'
import { CrowdCard } from './crowd.tsx'
import { EntryForm } from './entry.tsx'
import { Say } from './say.tsx'
import { clients } from './state.ts'

/** Clients of this page's own, at the real sockets of what is up. */
export function TryView() {
  const { cannot } = bench.value!
  const stages = useSignal<readonly StageState[]>([])
  const crowds = new Set(clients.value.flatMap(({ crowd }) => crowd ?? []))
  return (
    <section class="try" aria-label="Try it" tabIndex={0}>
      {cannot.connect && <p class="soft">{cannot.connect}</p>}
      <EntryForm stages={stages} />
      <Say stages={stages.value} />
      <div class="clients">
        {clients.value
          .filter(({ crowd }) => crowd === undefined)
          .map(one => (
            <ClientCard key={one.key} client={one} />
          ))}
        {[...crowds].map(crowd => (
          <CrowdCard key={crowd} members={clients.value.filter(one => one.crowd === crowd)} />
        ))}
      </div>
    </section>
  )
}
