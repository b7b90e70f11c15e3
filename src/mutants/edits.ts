import MagicString from 'magic-string'
import type { Node } from 'oxc-parser'
import type { Edit, Mutation } from './operator.ts'
import type { Tree } from './tree.ts'

type Place = Pick<Node, 'start' | 'end'>

export const replaced = ({ start, end }: Place, text: string): Edit => ({ start, end, text })
export const removed = (place: Place): Edit => replaced(place, '')
export const before = ({ start }: Place, text: string): Edit => ({ start, end: start, text })
export const after = ({ end }: Place, text: string): Edit => ({ start: end, end, text })

/** Adds a line at the end, where an `import` or a variable of the module may stand as well. */
export const appended = ({ source }: Tree, line: string): Edit => ({
  start: source.length,
  end: source.length,
  text: `\n${line}\n`,
})

/** Takes one out of a list, and one comma with it. */
export function removedFrom(list: readonly (Place | null)[], one: Place): Edit {
  const present = list.filter(item => item !== null)
  const at = present.indexOf(one)
  const next = present[at + 1]
  const last = present[at - 1]
  if (next) return { start: one.start, end: next.start, text: '' }
  if (last) return { start: last.end, end: one.end, text: '' }
  return removed(one)
}

/** Takes a statement out. Where the grammar wants one, an empty block takes its place. */
export function removedStatement(tree: Tree, statement: Node): Edit {
  const parent = tree.parent(statement)
  const isInList = parent && ['Program', 'BlockStatement', 'SwitchCase', 'StaticBlock'].includes(parent.type)
  return isInList ? removed(statement) : replaced(statement, '{}')
}

/** The text with a mutation. */
export function applied(source: string, mutation: Mutation): string {
  const text = new MagicString(source)
  for (const edit of mutation) {
    if (edit.start === edit.end) text.appendLeft(edit.start, edit.text)
    else text.overwrite(edit.start, edit.end, edit.text)
  }
  return text.toString()
}
