import './prose.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../ask.ts'

/** A page of the house, as the server has rendered it. Nothing that a client or a function said gets here. */
export function Prose({ path, query }: { path: string; query: Readonly<Record<string, string>> }) {
  const html = useSignal('')
  const trouble = useSignal('')
  useEffect(() => {
    html.value = ''
    trouble.value = ''
    ask<{ html: string }>(path, query).then(
      answer => {
        html.value = answer.html
      },
      error => {
        trouble.value = error.message
      },
    )
  }, [path, JSON.stringify(query)])
  if (trouble.value) return <p class="soft">{trouble.value}</p>
  return <Html html={html.value} />
}

/** HTML that the server made of Markdown. */
export function Html({ html }: { html: string }) {
  // The server renders the house's own Markdown, and escapes HTML in it.
  return <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />
}
