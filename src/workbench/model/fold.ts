import type { Row } from './row.ts'

/** A row, or a burst of rows that say the same of different clients. */
export type Line =
  | { readonly key: string; readonly row: Row }
  | { readonly key: string; readonly burst: readonly Row[]; readonly says: string; readonly bad: number }

/** A burst has at least this many rows. */
const LEAST = 8
/** Folds bursts, except those whose first row is in `open`. */
export function fold(rows: readonly Row[], open: ReadonlySet<number>): Line[] {
  const lines: Line[] = []
  for (let at = 0; at < rows.length; ) {
    const end = endOfBurst(rows, at)
    const burst = rows.slice(at, end)
    const first = burst[0]!
    if (burst.length >= LEAST && !open.has(first.id)) {
      lines.push({
        key: `burst ${first.id}`,
        burst,
        says: inWords(burst),
        bad: burst.filter(row => row.bad).length,
      })
      at = end
    } else {
      const upTo = burst.length >= LEAST ? end : at + 1
      for (; at < upTo; at++) lines.push({ key: `row ${rows[at]!.id}`, row: rows[at]! })
    }
  }
  return lines
}

/** A burst has at most two kinds of rows, which take turns: a decision, a post. */
function endOfBurst(rows: readonly Row[], start: number): number {
  // There are two kinds at most: a set for each row would cost more than it says.
  const first = signOf(rows[start]!)
  let second: string | undefined
  let at = start + 1
  for (; at < rows.length; at++) {
    const sign = signOf(rows[at]!)
    if (sign === first || sign === second) continue
    if (second !== undefined) break
    second = sign
  }
  return at
}

const signs = new WeakMap<Row, string>()

/** Rows with the same sign differ only in who they are about. What a client says is never folded. */
function signOf(row: Row): string {
  let sign = signs.get(row)
  if (sign === undefined) {
    sign = makeSign(row)
    signs.set(row, sign)
  }
  return sign
}

function makeSign(row: Row): string {
  const { event } = row
  switch (event.kind) {
    case 'frame':
      return event.direction === 'in' ? `in ${row.id}` : 'frame out'
    case 'decision':
      return `decision ${event.action} ${row.from.id}`
    case 'item':
      return `item ${event.tableName} ${event.change}`
    case 'resource':
      return 'resource'
    case 'message':
      return `message ${event.queueName} ${event.change}`
    case 'answer':
      return `answer ${event.operation} ${event.status}`
    case 'log':
      return `log ${event.logGroup}`
    case 'invocation':
      return `invocation ${event.functionName}`
    default:
      return event.kind
  }
}

/** `24 × frames out, 24 × execute-api:ManageConnections, 3 denied or failed`. */
function inWords(burst: readonly Row[]): string {
  const counts = new Map<string, number>()
  for (const row of burst) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1)
  const bad = burst.filter(row => row.bad).length
  const parts = [...counts].map(([name, count]) => `${count} × ${name}`)
  return [...parts, ...(bad > 0 ? [`${bad} denied or failed`] : [])].join(', ')
}

function nameOf({ event, from }: Row): string {
  switch (event.kind) {
    case 'frame':
      return 'frame to clients'
    case 'decision':
      return event.action
    case 'item':
      return `item ${event.change}`
    case 'invocation':
      return `${from.title} runs`
    case 'message':
      return `message ${event.change}`
    case 'answer':
      return `${event.operation} answered`
    case 'log':
      return `line of ${from.title}`
    default:
      return event.kind
  }
}
