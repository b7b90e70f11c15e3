import { isPlatformLine } from './platform-lines.ts'
import { type Kind, kindNames, kinds, type Row } from './row.ts'

/** What people want to see. */
export interface Filter {
  /** Every word must be in the row. */
  readonly text: string
  readonly kinds: ReadonlySet<Kind>
  /** Only rows that begin or end on one of these lanes; all when there is none. */
  readonly lane?: string | undefined
  readonly onlyBad: boolean
  /** Ids of events, both ends included. */
  readonly range?: { readonly from: number; readonly to: number } | undefined
  /** Only these events: one message's tree. */
  readonly only?: ReadonlySet<number> | undefined
}

/** What is shown before anybody has asked for anything. */
export const usualFilter: Filter = {
  text: '',
  kinds: new Set(kinds.filter(kind => kindNames[kind].usual)),
  onlyBad: false,
}

/** Whether a row is shown. A message that is followed shows all of its tree, whatever the kind; text and the rest narrow it. */
export function filterOf(filter: Filter): (row: Row) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  const { range, lane, only } = filter
  return row => {
    if (isPlatformLine(row.event)) return false
    if (only ? !only.has(row.id) : !filter.kinds.has(row.kind)) return false
    if (filter.onlyBad && !row.bad) return false
    if (range && (row.id < range.from || row.id > range.to)) return false
    if (lane && row.from.id !== lane && row.to?.id !== lane) return false
    return words.every(word => row.haystack.includes(word))
  }
}
