/** Stands in a masked text where the file has something else than prose, so that no phrase reaches across it. */
export const NOT_PROSE = '\u0000'

/** White space of the same length and with the same line ends. */
export const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

/** Something else than prose, of the same length and with the same line ends. */
export const hide = (text: string): string => text.replace(/[^\n]/g, NOT_PROSE)

/** The number of the line on which a place in a text stands, from 1. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length
