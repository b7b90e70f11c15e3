import { visible } from '#kit'
import type { Note } from './explain.ts'
import type { WireEvent } from './protocol.ts'
import type { Row } from './row.ts'

/**
 * A row as a line of text: `12:00:01.005 client 1 → send: hello`. What is bad has a mark, not only a colour. Frames and logs
 * are people's words: what they hold of a terminal's commands is shown, and does nothing.
 */
export const rowInALine = ({ twin, bad, event }: Row, more = ''): string =>
  `${timeOf(event)} ${visible(`${bad ? '✕ ' : ''}${twin}${more}`)}`

/** What is explained, below the line that it is about. */
export const noteInALine = ({ says }: Note): string => `             → ${says}`

/** IAM allows hundreds of things a minute. What it refuses is news. */
export const isNews = (row: Row): boolean => row.bad || row.kind !== 'decision'

/** `12:00:01.005`, in UTC. */
export const timeOf = ({ at }: WireEvent): string => new Date(at).toISOString().slice(11, 23)
