import { act } from './act.ts'
import './diagram.css'
import { computed, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Line } from '../../model/fold.ts'
import { type Lane, layOut } from '../../model/lanes.ts'
import { LineOfWire } from './line.tsx'
import { change, cursor, filter, follow, isLive, lines, pick, picked, shown } from './state.ts'

/** Widths in rem: of the column of times, and of the narrowest lane. Below `NARROW` there are no lanes but sentences. */
const TIME = 7.7
const LANE = 7.2
const NARROW = 42
/** Heights of a row in rem, with lanes and without. */
const ROW = 2.3
const ROW_IN_WORDS = 3.4
/** How many rows are drawn above and below those that can be seen. */
const BEYOND = 8

/** The rows as a sequence diagram. Only those that can be seen are drawn, so that ten thousand scroll as ten do. */
export function Diagram() {
  const box = useRef<HTMLDivElement>(null)
  const size = useSignal({ width: 1000, height: 600, rem: 16 })
  const top = useSignal(0)
  const isFocused = useSignal(false)

  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth, clientHeight } = box.current!
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      size.value = { width: clientWidth, height: clientHeight, rem }
    }
    const watcher = new ResizeObserver(measure)
    watcher.observe(box.current!)
    measure()
    return () => watcher.disconnect()
  }, [])

  const all = lines.value
  const { width, height, rem } = size.value
  const inWords = width < NARROW * rem
  const rowHeight = Math.round((inWords ? ROW_IN_WORDS : ROW) * rem)
  const { lanes, column } = layOut(lanesShown.value, Math.floor((width - TIME * rem) / (LANE * rem)))
  const lane = (width - TIME * rem) / lanes.length
  const first = Math.max(0, Math.floor(top.value / rowHeight) - BEYOND)
  const last = Math.min(all.length, Math.ceil((top.value + height) / rowHeight) + BEYOND)
  const at = all.findIndex(line => line.key === cursor.value)

  useLayoutEffect(() => {
    if (isLive.value) box.current!.scrollTop = all.length * rowHeight
  }, [all.length, isLive.value, rowHeight])

  useEffect(() => {
    if (at < 0) return
    const { scrollTop, clientHeight } = box.current!
    const heads = inWords ? 0 : 3 * rem
    if (at * rowHeight < scrollTop) box.current!.scrollTop = at * rowHeight
    if ((at + 1) * rowHeight + heads > scrollTop + clientHeight)
      box.current!.scrollTop = (at + 1) * rowHeight + heads - clientHeight / 2
  }, [cursor.value, picked.value === undefined])

  return (
    <div
      class={`diagram ${inWords ? 'in-words' : ''} ${isFocused.value ? 'focused' : ''}`}
      ref={box}
      style={{
        '--lanes': lanes.length,
        '--lane': `${lane}px`,
        '--row': `${rowHeight}px`,
      }}
      onScroll={event => {
        top.value = event.currentTarget.scrollTop
      }}
      onWheel={event => {
        if (event.deltaY < 0) isLive.value = false
      }}
    >
      {!inWords && <Heads lanes={lanes} />}
      <div
        class="rows"
        id="wire-rows"
        role="listbox"
        tabIndex={0}
        aria-label="Events, oldest first. Enter opens one, F follows its message."
        aria-activedescendant={at >= first && at < last ? `line-${at}` : undefined}
        style={{ height: `${all.length * rowHeight}px` }}
        onFocus={event => {
          // Not by a rule with :has, which the browser would try anew with each row that comes.
          isFocused.value = event.currentTarget.matches(':focus-visible')
        }}
        onBlur={() => {
          isFocused.value = false
        }}
        onKeyDown={event => walk(event, all, at, Math.floor(height / rowHeight))}
      >
        {all.slice(first, last).map((line, offset) => (
          <LineOfWire
            key={line.key}
            line={line}
            index={first + offset}
            count={all.length}
            top={(first + offset) * rowHeight}
            column={column}
            lanes={lanes}
            inWords={inWords}
            lane={lane}
          />
        ))}
      </div>
    </div>
  )
}

/** Every lane of a row that is shown. It is not looked for anew at each step of scrolling. */
const lanesShown = computed(() => {
  const used = new Map<string, Lane>()
  for (const { from, to } of shown.value) {
    used.set(from.id, from)
    if (to) used.set(to.id, to)
  }
  return [...used.values()]
})

/** Who takes part. A click on one shows its rows alone. */
function Heads({ lanes }: { lanes: readonly Lane[] }) {
  return (
    <div class="heads">
      <span />
      {lanes.map(({ id, title, small }) => {
        const isCrowd = id.startsWith('crowd:')
        const words = (
          <>
            <b>{title}</b>
            <small>{small}</small>
          </>
        )
        if (isCrowd)
          return (
            <span key={id} class="head-of">
              {words}
            </span>
          )
        const isAlone = filter.value.lane === id
        return (
          <button
            key={id}
            type="button"
            class="head-of"
            title={isAlone ? 'Show all lanes' : `Only rows of ${title}`}
            aria-pressed={isAlone}
            onClick={() => change({ lane: isAlone ? undefined : id })}
          >
            {words}
          </button>
        )
      })}
    </div>
  )
}

function walk(event: KeyboardEvent, all: readonly Line[], at: number, page: number) {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? all.length - 1 : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: all.length - 1,
  }[event.key]
  const line = all[at]
  if (to !== undefined) {
    const next = all[Math.min(all.length - 1, Math.max(0, to))]!
    isLive.value = false
    cursor.value = next.key
    // The panel goes along once it is open.
    if (picked.value !== undefined && 'row' in next) pick(next.row.id)
  } else if (event.key === 'Enter' && line) act(line)
  else if (event.key === 'f' && line && 'row' in line) follow(line.row.id)
  else if (event.key === 'Escape') {
    if (picked.value !== undefined) pick(undefined)
    else change({ only: undefined })
  } else return
  event.preventDefault()
}
