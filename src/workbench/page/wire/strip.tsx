import './strip.css'
import { useRef } from 'preact/hooks'
import { barsOf } from '../../model/overview.ts'
import { rows } from '../state.ts'
import { change, filter, isInOverview } from './state.ts'

/** How many bars there are at most. */
const BARS = 160

/** Everything that has happened, as bars. A range of it can be drawn with the mouse, or moved with the arrow keys. */
export function Strip() {
  const box = useRef<HTMLDivElement>(null)
  const start = useRef<number | undefined>(undefined)
  const all = rows.value
  const first = all[0]?.id ?? 0
  const last = all.at(-1)?.id ?? 0
  const bars = barsOf(all, isInOverview.value, BARS)
  const most = Math.max(1, ...bars.map(bar => bar.count))
  const { from = first, to = last } = filter.value.range ?? {}
  const part = (id: number) => (last === first ? 0 : ((id - first) / (last - first)) * 100)

  const idAt = (x: number) => {
    const { left, width } = box.current!.getBoundingClientRect()
    return Math.round(first + Math.min(1, Math.max(0, (x - left) / width)) * (last - first))
  }
  const narrow = (a: number, b: number) => {
    const range = { from: Math.min(a, b), to: Math.max(a, b) }
    const isAll = range.from <= first && range.to >= last
    change({ range: isAll ? undefined : range } as never)
  }
  const handle = (name: string, at: number, move: (id: number) => void) => (
    <div
      class="handle"
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={first}
      aria-valuemax={last}
      aria-valuenow={at}
      aria-valuetext={timeOf(at)}
      style={{ left: `${part(at)}%` }}
      onKeyDown={event => {
        const step = Math.max(1, Math.round((last - first) / 40))
        const by = { ArrowLeft: -step, ArrowRight: step, Home: first - at, End: last - at }[event.key]
        if (by === undefined) return
        event.preventDefault()
        move(Math.min(last, Math.max(first, at + by)))
      }}
    />
  )
  return (
    <div
      class="strip"
      ref={box}
      onPointerDown={event => {
        if ((event.target as Element).closest('.handle')) return
        start.current = idAt(event.clientX)
        box.current!.setPointerCapture(event.pointerId)
      }}
      onPointerMove={event => {
        if (start.current === undefined) return
        const end = idAt(event.clientX)
        if (Math.abs(end - start.current) > (last - first) / 100) narrow(start.current, end)
      }}
      onPointerUp={() => {
        start.current = undefined
      }}
      onDblClick={() => narrow(first, last)}
    >
      <svg viewBox={`0 0 ${BARS} 40`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((bar, at) => {
          const x = (at * BARS) / bars.length
          const width = (BARS / bars.length) * 0.7
          const height = Math.sqrt(bar.count / most) * 26
          return (
            <g key={bar.from}>
              {bar.count > 0 && <rect class="bar" x={x} y={40 - height} width={width} height={height} />}
              {bar.bad > 0 && <rect class="bad" x={x} y={3} width={width} height={7} />}
            </g>
          )
        })}
      </svg>
      {all.length > 1 && (
        <>
          <div class="range" style={{ left: `${part(from)}%`, right: `${100 - part(to)}%` }} />
          {handle('From', from, id => narrow(id, to))}
          {handle('To', to, id => narrow(from, id))}
        </>
      )}
    </div>
  )
}

function timeOf(id: number): string {
  const row = rows.value.find(one => one.id >= id)
  return row ? new Date(row.at).toLocaleTimeString([], { hour12: false }) : 'now'
}
