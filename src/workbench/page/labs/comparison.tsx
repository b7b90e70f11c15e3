import './comparison.css'
import { useSignal } from '@preact/signals'
import { type FileDiff, fileNamed, type Hunk, rowsOfHunk } from '../../model/diff.ts'
import { ask } from '../ask.ts'
import { Button } from '../button.tsx'
import { Html } from './prose.tsx'

interface Compared {
  readonly diff: readonly FileDiff[]
  readonly html: string
}

/** The starter against the solution, and why: after a pass, or to somebody who wants it spoilt. In a lab without a fault, the explanation. */
export function Comparison({ lab, hasFault, passed }: { lab: string; hasFault: boolean; passed: boolean }) {
  const shown = useSignal<Compared | undefined>(undefined)
  const isFree = passed || !hasFault
  const show = async () => {
    shown.value = await ask<Compared>('comparison', { lab, ...(isFree ? {} : { spoil: '1' }) })
  }
  return (
    <section class="comparison">
      <h2 class="label">{hasFault ? 'The solution' : 'What there is to see'}</h2>
      {shown.value ? (
        <>
          {hasFault && <Differences files={shown.value.diff} />}
          <Html html={shown.value.html} />
        </>
      ) : (
        <>
          {!isFree && <p class="soft">The lab has not passed yet. This would spoil it.</p>}
          {!hasFault && <p class="soft">Nothing is wrong in this lab.</p>}
          <Button onClick={show}>
            {!hasFault
              ? 'What you have seen'
              : passed
                ? 'Compare with the solution'
                : 'Spoil it: show the solution'}
          </Button>
        </>
      )}
    </section>
  )
}

function Differences({ files }: { files: readonly FileDiff[] }) {
  if (files.length === 0) return <p>Your starter is the solution, to the letter.</p>
  return (
    <>
      <p class="soft">From your starter to the solution:</p>
      {files.map(file => (
        <figure class="diff" key={file.is + file.was}>
          <figcaption class="mono">{fileNamed(file).replace(/^solutions\/[^/]+\//, '')}</figcaption>
          <div class="scroll" tabIndex={0} role="region" aria-label={`Differences in ${fileNamed(file)}`}>
            <table>
              <thead class="unseen">
                <tr>
                  <th scope="col">Line in your starter</th>
                  <th scope="col">Line in the solution</th>
                  <th scope="col">Change</th>
                  <th scope="col">Text</th>
                </tr>
              </thead>
              {file.hunks.map(hunk => (
                <Rows key={hunk.oldStart} hunk={hunk} />
              ))}
            </table>
          </div>
        </figure>
      ))}
    </>
  )
}

const marks = { same: '', less: '−', more: '+' }
const words = { same: '', less: 'taken out', more: 'put in' }

function Rows({ hunk }: { hunk: Hunk }) {
  return (
    <tbody>
      {rowsOfHunk(hunk).map((row, at) => (
        <tr key={at} class={row.kind}>
          <td class="number">{row.old}</td>
          <td class="number">{row.new}</td>
          <td class="mark">
            <span aria-hidden="true">{marks[row.kind]}</span>
            <span class="unseen">{words[row.kind]}</span>
          </td>
          <td class="text">{row.text}</td>
        </tr>
      ))}
    </tbody>
  )
}
