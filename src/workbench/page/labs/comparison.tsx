import './comparison.css'
import { useSignal } from '@preact/signals'
import { ask } from '../ask.ts'
import { Button } from '../button.tsx'
import { Html } from './prose.tsx'

/** The starter against the solution, and why: after a pass, or to somebody who wants it spoilt. */
export function Comparison({ lab, passed }: { lab: string; passed: boolean }) {
  const shown = useSignal<{ diff: string; html: string } | undefined>(undefined)
  const show = async () => {
    shown.value = await ask('comparison', { lab, ...(passed ? {} : { spoil: '1' }) })
  }
  return (
    <section class="comparison">
      <h2 class="label">The solution</h2>
      {shown.value ? (
        <>
          <Diff text={shown.value.diff} />
          <Html html={shown.value.html} />
        </>
      ) : (
        <>
          {!passed && <p class="soft">The lab has not passed yet. This would spoil it.</p>}
          <Button onClick={show}>
            {passed ? 'Compare with the solution' : 'Spoil it: show the solution'}
          </Button>
        </>
      )}
    </section>
  )
}

function Diff({ text }: { text: string }) {
  if (text === '') return <p>Your starter is the solution, to the letter.</p>
  return (
    <pre class="diff" tabIndex={0} role="region" aria-label="Your starter against the solution">
      {text.split('\n').map((line, at) => (
        <span key={at} class={classOf(line)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}

function classOf(line: string): string {
  if (/^(---|\+\+\+) /.test(line)) return 'name'
  if (line.startsWith('@@')) return 'place'
  return line.startsWith('+') ? 'more' : line.startsWith('-') ? 'less' : ''
}
