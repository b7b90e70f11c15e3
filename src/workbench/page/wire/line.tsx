import './line.css'
import type { Line } from '../../model/fold.ts'
import type { Lane } from '../../model/lanes.ts'
import type { Row } from '../../model/row.ts'
import { act } from './act.ts'
import { cursor, picked } from './state.ts'

interface Placed {
  readonly column: ReadonlyMap<string, number>
  readonly lanes: readonly Lane[]
  readonly inWords: boolean
  /** How wide a lane is, in pixels. */
  readonly lane: number
}

/** One row: the time, and an arrow or a mark; or the row in words. */
export function LineOfWire({
  line,
  index,
  count,
  top,
  ...placed
}: Placed & { line: Line; index: number; count: number; top: number }) {
  const row = 'row' in line ? line.row : line.burst[0]!
  const bad = 'row' in line ? line.row.bad : line.bad > 0
  const isPicked = 'row' in line && picked.value === line.row.id
  const words = 'row' in line ? line.row.twin : line.says
  const classes = [
    'line',
    bad && 'bad',
    isPicked && 'picked',
    cursor.value === line.key && 'cursor',
    placed.inWords && 'words',
  ]
  return (
    <div
      id={`line-${index}`}
      class={classes.filter(Boolean).join(' ')}
      role="option"
      aria-selected={isPicked}
      aria-setsize={count}
      aria-posinset={index + 1}
      title={words}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        document.getElementById('wire-rows')?.focus()
        act(line)
      }}
    >
      <span class="time">
        <span class="sign" aria-hidden="true">
          {bad ? '✕' : ''}
        </span>
        {bad && <span class="unseen">Denied or failed, </span>}
        {timeOf(row.at).slice(0, placed.inWords ? 8 : 12)}
      </span>
      {placed.inWords ? (
        <span class={`sentence ${row.tone}`}>{words}</span>
      ) : (
        <>
          <span class="unseen">{words}</span>
          {'row' in line ? (
            <Drawn row={line.row} {...placed} />
          ) : (
            <span class="burst" aria-hidden="true">
              ▸ {line.says}
            </span>
          )}
        </>
      )}
    </div>
  )
}

/** About how wide a letter of a label is, and what is around it, in pixels. */
const LETTER = 7.6
const AROUND = 46

/** An arrow between two lanes, or a mark on one. A label that does not fit on its arrow stands beside it, where there is room. */
function Drawn({ row, column, lanes, lane }: Placed & { row: Row }) {
  const from = column.get(row.from.id) ?? 0
  const to = row.to ? (column.get(row.to.id) ?? from) : from
  const [left, right] = from < to ? [from, to] : [to, from]
  const crowd = [row.from, row.to].find(one => one && lanes[column.get(one.id)!]?.id.startsWith('crowd:'))
  const label = crowd ? `${crowd.title} · ${row.label}` : row.label
  const chip = (
    <span class="chip">
      {row.took && (
        <i
          class={row.took.cold ? 'took cold' : 'took'}
          style={{ width: `${Math.min(64, 4 + Math.sqrt(row.took.ms) * 1.6)}px` }}
        />
      )}
      {label}
    </span>
  )
  const isBeside = label.length * LETTER + AROUND > (right - left) * lane
  const isToRight = left + 1 <= lanes.length - right
  return (
    <>
      {left !== right && (
        <span
          aria-hidden="true"
          class={`hop ${from < to ? 'right' : 'left'} ${row.tone}`}
          style={{ gridColumn: `${left + 2} / ${right + 3}` }}
        >
          {!isBeside && chip}
        </span>
      )}
      {isBeside && (
        <span
          aria-hidden="true"
          class={`beside ${row.tone} ${isToRight ? 'to-right' : 'to-left'} ${left === right ? 'on-lane' : ''}`}
          style={{ gridColumn: isToRight ? `${right + 2} / -1` : `2 / ${left + 3}` }}
        >
          {chip}
        </span>
      )}
    </>
  )
}

/** `12:31:04.163`: the minutes count when somebody lets two hours pass. */
function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
