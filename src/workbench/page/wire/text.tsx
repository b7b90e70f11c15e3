/** A text as its sender wrote it; JSON is set out in lines. It is never markup. */
export function Text({ title, text }: { title: string; text: string }) {
  return (
    <section class="card">
      <h3 class="label">{title}</h3>
      <pre tabIndex={0}>{pretty(text)}</pre>
    </section>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
