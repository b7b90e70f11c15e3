import type { Row } from '../row.ts'

/** Section I: the classic mistakes. */
export const mistakes: readonly Row[] = []
