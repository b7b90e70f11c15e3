import './strip.css'
import { useRef } from 'preact/hooks'
import { type Bar, barsOf } from '../../model/overview.ts'
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
    change({ range: isAll ? undefined : range })
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
        <path class="bar" d={outline(bars, bar => [40 - Math.sqrt(bar.count / most) * 26, 40])} />
        <path class="bad" d={outline(bars, bar => (bar.bad > 0 ? [3, 10] : [0, 0]))} />
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

/** All bars as one path, from top to bottom: hundreds of elements would be drawn anew with each event. */
function outline(bars: readonly Bar[], ends: (bar: Bar) => [top: number, bottom: number]): string {
  const width = BARS / bars.length
  return bars
    .map((bar, at) => {
      const [top, bottom] = ends(bar)
      const x = at * width
      return bottom > top
        ? `M${x.toFixed(2)} ${top.toFixed(1)}H${(x + width * 0.7).toFixed(2)}V${bottom}H${x.toFixed(2)}Z`
        : ''
    })
    .join('')
}

function timeOf(id: number): string {
  const row = rows.value.find(one => one.id >= id)
  return row ? new Date(row.at).toISOString().slice(11, 19) : 'now'
}
