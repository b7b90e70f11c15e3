/** What differs in a file. */
export interface FileDiff {
  readonly was: string
  readonly is: string
  readonly hunks: readonly Hunk[]
}

/** Lines that differ, and some around them. Each begins with a blank, `-` or `+`. */
export interface Hunk {
  readonly oldStart: number
  readonly newStart: number
  readonly lines: readonly string[]
}

/** A line of the table: its number before and after, where it is there, and its text. */
export interface DiffRow {
  readonly kind: 'same' | 'less' | 'more'
  readonly old?: number
  readonly new?: number
  readonly text: string
}

/** A hunk as the rows of a table. */
export function rowsOfHunk({ oldStart, newStart, lines }: Hunk): DiffRow[] {
  let [old, fresh] = [oldStart, newStart]
  return lines.flatMap((line): DiffRow[] => {
    const text = line.slice(1)
    switch (line[0]) {
      case '-':
        return [{ kind: 'less', old: old++, text }]
      case '+':
        return [{ kind: 'more', new: fresh++, text }]
      // "\ No newline at end of file" is no line.
      case '\\':
        return []
      default:
        return [{ kind: 'same', old: old++, new: fresh++, text }]
    }
  })
}

/** The name of a file that has changed, come or gone. */
export const fileNamed = ({ was, is }: FileDiff): string =>
  was === '/dev/null' ? `${is}, a new file` : is === '/dev/null' ? `${was}, which is gone` : is
