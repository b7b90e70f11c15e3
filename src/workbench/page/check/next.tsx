import type { CheckState } from '../../model/protocol.ts'
import { Button } from '../button.tsx'
import { numberOf } from '../head.tsx'
import { bench, choose, go, isReport } from '../state.ts'

/** Where to go after a check: the explanation and the next lab, or a hint. */
export function Next({ check: { lab, verdict, hasFault, explanation } }: { check: CheckState }) {
  if (isReport || verdict === undefined) return null
  if (verdict.verdict === 'fail') return <Button onClick={() => go('labs')}>A hint, if you want one</Button>
  if (verdict.verdict === 'error')
    return <span class="soft">This is not about your stack. Is this machine ready? npm run doctor says.</span>
  const { labs } = bench.value!
  const after = [...labs.slice(labs.findIndex(({ id }) => id === lab) + 1), ...labs]
  const next = after.find(({ id, passed }) => id !== lab && !passed)
  return (
    <>
      <Button class="primary" onClick={() => go(`read/${explanation.replace('#', '~')}`)}>
        {hasFault ? 'What was wrong, and why' : 'What you have seen'}
      </Button>
      {hasFault && <Button onClick={() => go('labs')}>Compare with the solution</Button>}
      {next && (
        <Button
          onClick={() => {
            choose(next.id)
            go('labs')
          }}
        >
          Next: {numberOf(next.id)}, {next.title}
        </Button>
      )}
    </>
  )
}
