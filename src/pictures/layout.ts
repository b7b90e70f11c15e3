import type { Box, Picture } from './picture.ts'

/** Sizes in pixels. A letter of the fonts in use is at most this wide. */
export const LETTER = { name: 8.5, small: 7.3 }
export const LINE = 19
export const HEAD = 44
const PADDING = 14
const GAP = { column: 74, row: 22 }
const MARGIN = 20

/** A box with its place. */
export interface Placed extends Box {
  readonly column: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Layout {
  readonly width: number
  /** Down to here there are boxes. The legend stands under it. */
  readonly foot: number
  readonly height: number
  readonly boxes: ReadonlyMap<string, Placed>
}

/** Gives every box its place: columns from left to right, each centred from top to bottom. */
export function layOut({ columns, arrows }: Picture): Layout {
  const heights = columns.map(
    boxes => boxes.reduce((sum, box) => sum + heightOf(box), 0) + GAP.row * (boxes.length - 1),
  )
  const tallest = Math.max(...heights)
  const boxes = new Map<string, Placed>()
  let x = MARGIN
  columns.forEach((column, at) => {
    const width = Math.max(...column.map(widthOf))
    let y = MARGIN + (tallest - heights[at]!) / 2
    for (const box of column) {
      const height = heightOf(box)
      boxes.set(box.id, { ...box, column: at, x, y, width, height })
      y += height + GAP.row
    }
    x += width + GAP.column
  })
  const foot = MARGIN + tallest
  return {
    width: x - GAP.column + MARGIN,
    foot,
    height: foot + (arrows.some(({ dashed }) => dashed) ? 36 : MARGIN),
    boxes,
  }
}

/** Where the middle of a row is, from the top of its box. */
export const rowAt = (box: Box, row: number): number =>
  HEAD + (box.lines?.length ?? 0) * LINE + row * LINE + LINE / 2

const heightOf = ({ lines = [], rows = [] }: Box): number =>
  HEAD + (lines.length + rows.length) * LINE + (lines.length + rows.length > 0 ? 10 : 2)

const widthOf = ({ name, lines = [], rows = [] }: Box): number =>
  Math.ceil(
    2 * PADDING +
      Math.max(
        name.length * LETTER.name,
        ...lines.map(line => line.length * LETTER.small),
        ...rows.map(row => row.length * LETTER.name),
      ),
  )
