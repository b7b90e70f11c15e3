import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask, tell } from '../ask.ts'
import { Button } from '../button.tsx'
import { bench } from '../state.ts'
import { Html } from './prose.tsx'

interface Given {
  readonly criterion: string
  readonly hints: readonly { readonly place: string; readonly html: string }[]
  readonly of: number
}

/** The hints for what the last check saw, one at a time. */
export function Hints({ lab }: { lab: string }) {
  const given = useSignal<Given | undefined>(undefined)
  const { check } = bench.value!
  useEffect(() => {
    void ask<Given>('hints', { lab }).then(answer => {
      given.value = answer
    })
  }, [lab, check?.verdict])
  if (!given.value) return null
  const { criterion, hints, of } = given.value
  return (
    <section class="hints">
      <h2 class="label">Hints</h2>
      <p class="soft">
        For: {criterion}. {hints.length} of {of} given.
      </p>
      {hints.map(({ place, html }) => (
        <div class="card" key={place}>
          <Html html={html} />
        </div>
      ))}
      <Button
        why={hints.length >= of ? 'this was the last hint' : undefined}
        onClick={async () => {
          const more = await tell<Given>('hints', { lab })
          if (more) given.value = more
        }}
      >
        {hints.length === 0 ? 'Give me a hint' : 'The next one'}
      </Button>
    </section>
  )
}
