import { batch, computed, signal } from '@preact/signals'
import { explained } from '../../model/explain.ts'
import { type Filter, filterOf, usualFilter } from '../../model/filter.ts'
import { fold, type Line } from '../../model/fold.ts'
import { causesOf } from '../../model/follow.ts'
import type { Kind, Row } from '../../model/row.ts'
import { rows } from '../state.ts'

/** What people have asked to see. */
export const filter = signal<Filter>(usualFilter)
export const change = (news: Partial<Filter>): void => {
  filter.value = { ...filter.value, ...news }
}

/** Bursts that are open, by their first event. */
const open = signal<ReadonlySet<number>>(new Set())
export const openBurst = (id: number): void => {
  open.value = new Set([...open.value, id])
}

export const causes = computed(() => causesOf(rows.value.map(row => row.event)))
/** Why something was not heard, by the id of the event at which it shows. */
export const notes = computed(() => explained(rows.value.map(row => row.event)))
export const byId = computed(() => new Map(rows.value.map(row => [row.id, row])))

/** Whether everything else of the filter lets a row through: what the overview shows. */
export const isInOverview = computed(() => {
  const { range: _, ...rest } = filter.value
  return filterOf(rest)
})
export const shown = computed(() => rows.value.filter(filterOf(filter.value)))
export const lines = computed<readonly Line[]>(() =>
  fold(shown.value, filter.value.only ? new Set(shown.value.map(row => row.id)) : open.value),
)

/** The line that the keyboard is on, by its key; and the event in the panel. */
export const cursor = signal<string | undefined>(undefined)
export const picked = signal<number | undefined>(undefined)
/** Whether new rows are scrolled to as they come. */
export const isLive = signal(true)

/** The time of the range, by the cloud's clock; all time where there is none. */
const times = computed(() => {
  const { range } = filter.value
  if (!range) return undefined
  const inside = rows.value.filter(({ id }) => id >= range.from && id <= range.to)
  return { from: inside[0]?.at ?? 0, to: inside.at(-1)?.at ?? 0 }
})
/** Whether something happened in the range: every view leaves out what did not. */
export const isInTime = computed(() => {
  const range = times.value
  return (at: number) => !range || (at >= range.from && at <= range.to)
})
/** Whether any of these events is in the range. */
export const isInRange = (from: number, to: number): boolean => {
  const { range } = filter.value
  return !range || (from <= range.to && to >= range.from)
}
/** The range in words: `09:15:47.082 to 09:15:47.446`. */
export const rangeInWords = computed(() => {
  const range = times.value
  const time = (at: number) => new Date(at).toISOString().slice(11, 23)
  return range && `${time(range.from)} to ${time(range.to)}`
})
export const showAllTime = (): void => {
  if (filter.value.range) change({ range: undefined })
}

/** Shows one message's tree alone, all of it. */
export function follow(id: number): void {
  batch(() => {
    isLive.value = false
    filter.value = { ...usualFilter, kinds: filter.value.kinds, only: causes.value.tree(id) }
    pick(id)
  })
}

/** Opens the panel on an event. */
export function pick(id: number | undefined): void {
  picked.value = id
  if (id === undefined) return
  isLive.value = false
  cursor.value = `row ${id}`
}

/** Shows what happened between two events, everything else of the filter as usual; and opens one of them, else the first that is bad. */
export function showRange(from: number, to: number, id?: number): void {
  batch(() => {
    filter.value = { ...usualFilter, range: { from, to } }
    pick(id ?? shown.value.find(row => row.bad)?.id)
  })
}

export function toggleKind(kind: Kind): void {
  const kinds = new Set(filter.value.kinds)
  if (!kinds.delete(kind)) kinds.add(kind)
  change({ kinds })
}

/** Saves what is shown as a JSON file. */
export function exportShown(): void {
  const text = JSON.stringify(
    shown.value.map(({ event }: Row) => event),
    null,
    2,
  )
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = 'wire.json'
  link.click()
  URL.revokeObjectURL(link.href)
}
