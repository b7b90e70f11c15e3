import type { Line } from '../../model/fold.ts'
import { cursor, isLive, openBurst, pick } from './state.ts'

/** Opens a burst, or the panel. */
export function act(line: Line): void {
  if ('row' in line) {
    pick(line.row.id)
    return
  }
  openBurst(line.burst[0]!.id)
  isLive.value = false
  cursor.value = `row ${line.burst[0]!.id}`
}
