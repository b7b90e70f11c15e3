import { place } from '../state.ts'
import { Prose } from './prose.tsx'

/** A page of the docs, or a section of it. */
export function ReadView() {
  const at = place.value.replace(/^read\//, '').replace('~', '#')
  return (
    <section class="check" aria-label="Page" tabIndex={0}>
      <p class="soft mono">{at}</p>
      <Prose path="read" query={{ place: at }} />
    </section>
  )
}
