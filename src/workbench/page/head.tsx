import './head.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { tell } from './ask.ts'
import { Button } from './button.tsx'
import { Copy } from './copy.tsx'
import { bench, chosen, go } from './state.ts'

const now = signal(Date.now())

/** What is up, the cloud's clock, and the check. */
export function Head() {
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now()
    }, 1000)
    return () => clearInterval(timer)
  }, [])
  const { standing, sockets, clockAhead, cannot, up } = bench.value!
  const lab = chosen.value
  const [socket] = sockets
  const title = standing
    ? `${titleOf(standing.lab)}, ${standing.source}`
    : up.length > 0
      ? up.map(one => one.stackName).join(', ')
      : 'Nothing is up'
  return (
    <header class="head">
      <h1>
        <span class="label">Up</span> {title}
      </h1>
      {socket && <code class="url">{socket}</code>}
      {socket && <Copy text={`npx wscat -c ${socket}`} what="wscat line" />}
      <div class="clock">
        <span class="label">Clock</span>
        <time>{new Date(now.value + clockAhead).toLocaleTimeString([], { hour12: false })}</time>
        <Button why={cannot.clock} onClick={() => tell('clock', { ms: 600_000 })} title="Ten minutes pass">
          +10 min
        </Button>
        <Button why={cannot.clock} onClick={() => tell('clock', { ms: 7_200_000 })} title="Two hours pass">
          +2 h
        </Button>
      </div>
      {lab && (
        <Button
          class="primary"
          why={cannot.check}
          onClick={() => {
            go('check')
            void tell('check', { lab: lab.id })
          }}
        >
          Check {numberOf(lab.id)}
        </Button>
      )}
    </header>
  )
}

const titleOf = (id: string): string => {
  const lab = bench.value!.labs.find(one => one.id === id)
  return lab ? `${numberOf(id)}: ${lab.title}` : id
}

/** `lab2-wrong-permissions` → `lab 2`. */
export const numberOf = (id: string): string => id.replace(/^lab(\d+)-.*$/, 'lab $1')
