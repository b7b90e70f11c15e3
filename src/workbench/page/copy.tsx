import { useSignal } from '@preact/signals'

/** Copies a text, and says so. */
export function Copy({ text, what = '' }: { text: string; what?: string }) {
  const done = useSignal(false)
  return (
    <button
      type="button"
      title={text}
      onClick={async () => {
        await navigator.clipboard.writeText(text)
        done.value = true
        setTimeout(() => {
          done.value = false
        }, 1500)
      }}
    >
      {done.value ? 'Copied' : `Copy ${what}`.trim()}
      {!what && <span class="unseen"> {text}</span>}
    </button>
  )
}
