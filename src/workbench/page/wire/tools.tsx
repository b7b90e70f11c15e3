import './tools.css'
import { usualFilter } from '../../model/filter.ts'
import { kindNames, kinds } from '../../model/row.ts'
import { Button } from '../button.tsx'
import { rows } from '../state.ts'
import { change, exportShown, filter, isLive, pick, shown, toggleKind } from './state.ts'

/** The filter by text and kind, and what else can be done with all that is shown. */
export function Tools() {
  const { text, onlyBad, only, lane, range, kinds: chosen } = filter.value
  const isNarrowed = only || lane || range || onlyBad || text !== ''
  const bad = rows.value.filter(row => row.bad).length
  return (
    <div class="tools">
      <input
        id="wire-filter"
        type="search"
        aria-label="Filter the wire by text"
        placeholder="Filter   /"
        value={text}
        onInput={event => change({ text: event.currentTarget.value })}
        onKeyDown={event => event.key === 'Escape' && change({ text: '' })}
      />
      <Button pressed={onlyBad} onClick={() => change({ onlyBad: !onlyBad })}>
        ✕ Denied and failed{bad > 0 ? ` · ${bad}` : ''}
      </Button>
      <details class="kinds">
        <summary>Kinds</summary>
        <fieldset>
          <legend class="unseen">Kinds of rows</legend>
          {kinds.map(kind => (
            <label key={kind}>
              <input type="checkbox" checked={chosen.has(kind)} onChange={() => toggleKind(kind)} />{' '}
              {kindNames[kind].title}
            </label>
          ))}
        </fieldset>
      </details>
      {only && <span class="following">Following one message</span>}
      {isNarrowed && (
        <Button
          onClick={() => {
            change({
              ...usualFilter,
              kinds: chosen,
              only: undefined,
              range: undefined,
              lane: undefined,
            })
          }}
        >
          Show all
        </Button>
      )}
      <span class="spring" />
      <span class="counted" aria-live="off">
        {shown.value.length} of {rows.value.length}
      </span>
      <Button
        pressed={isLive.value}
        title="Scroll along as things happen"
        onClick={() => {
          isLive.value = !isLive.value
          if (isLive.value) pick(undefined)
        }}
      >
        Live
      </Button>
      <Button onClick={exportShown} title="What is shown, as JSON">
        Export
      </Button>
    </div>
  )
}
