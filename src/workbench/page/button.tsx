import type { ComponentChildren } from 'preact'

/** A button that says why it cannot be used, and can be reached all the same: its title and a screen reader tell. */
export function Button({
  why,
  onClick,
  children,
  class: name,
  title,
  pressed,
}: {
  /** Why it cannot be used now. */
  why?: string | undefined
  onClick: () => unknown
  children: ComponentChildren
  class?: string
  title?: string
  pressed?: boolean
}) {
  return (
    <button
      type="button"
      class={name}
      aria-disabled={why ? 'true' : undefined}
      aria-pressed={pressed}
      title={why ? `Not now: ${why}` : title}
      onClick={() => !why && void onClick()}
    >
      {children}
      {why && <span class="unseen"> (not now: {why})</span>}
    </button>
  )
}
