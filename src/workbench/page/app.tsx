import './app.css'
import { refusal } from './ask.ts'
import { Button } from './button.tsx'
import { CheckView } from './check/check.tsx'
import { Head } from './head.tsx'
import { InsideView } from './inside/inside.tsx'
import { LabsView } from './labs/labs.tsx'
import { LabList } from './labs/list.tsx'
import { ReadView } from './labs/read.tsx'
import { bench, connected, isReport, place } from './state.ts'
import { TryView } from './try/try.tsx'
import { rangeInWords, showAllTime } from './wire/state.ts'
import { WireView } from './wire/wire.tsx'

const views = [
  { name: 'labs', title: 'Lab', withLabs: true },
  { name: 'check', title: 'Check', withLabs: true },
  { name: 'wire', title: 'Wire', withLabs: false },
  { name: 'try', title: 'Try it', withLabs: false },
  { name: 'inside', title: 'Inside', withLabs: false },
]

/** The whole page: what is up, the labs, the views, and one of these. */
export function App() {
  const state = bench.value
  if (!state)
    return (
      <p class="waiting" role="status">
        Opening the workbench …
      </p>
    )
  const hasLabs = state.labs.length > 0
  const shown = views.filter(({ name, withLabs }) =>
    isReport ? name === 'check' || name === 'wire' : hasLabs || !withLabs,
  )
  const [name = ''] = place.value.split('/')
  const current = name === 'read' ? 'read' : (shown.find(one => one.name === name)?.name ?? shown[0]!.name)
  const broken = state.check?.findings.filter(({ finding }) => finding.verdict === 'fail').length ?? 0
  document.title = `${views.find(one => one.name === current)?.title ?? 'Read'} · Workbench`
  return (
    <div class={hasLabs ? 'app with-labs' : isReport ? 'app report' : 'app'}>
      <button type="button" class="skip" onClick={skip}>
        Skip to the view
      </button>
      {!isReport && <Head />}
      {hasLabs && <LabList />}
      <nav class="views" aria-label="Views">
        {shown.map(({ name, title }) => (
          <a key={name} href={`#/${name}`} aria-current={name === current ? 'page' : undefined}>
            {title}
            {name === 'check' && broken > 0 && (
              <span class="count">
                {broken}
                <span class="unseen"> broken</span>
              </span>
            )}
          </a>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        <Notices />
        {current === 'labs' && <LabsView />}
        {current === 'read' && <ReadView />}
        {current === 'check' && <CheckView />}
        {current === 'wire' && <WireView />}
        {current === 'try' && <TryView />}
        {current === 'inside' && <InsideView />}
      </main>
    </div>
  )
}

/** What went wrong, and what is under way. */
function Notices() {
  const { trouble } = bench.value ?? {}
  const words = connected.value
    ? refusal.value || trouble
    : 'The workbench has stopped. Start it again, and open its new address.'
  return (
    <div class="notices" role="status">
      {words && <p>{words}</p>}
      {rangeInWords.value && place.value.split('/')[0] !== 'wire' && (
        <p class="range">
          Only what happened from {rangeInWords.value} is shown, as chosen on the wire.{' '}
          <Button onClick={showAllTime}>Show all</Button>
        </p>
      )}
    </div>
  )
}

function skip() {
  document.getElementById('main')?.focus()
}
