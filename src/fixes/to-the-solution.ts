import { join } from 'node:path'
import type { Lab } from '#kit'
import { house } from '../run/house.ts'
import { differenceOf } from './difference.ts'
import { type Tree, treeIn } from './tree.ts'

/** The difference from a lab's starter, as it stands, to its solution. It is empty when they are the same but for line ends. */
export function toTheSolution(lab: Lab, root = house): string {
  const [starter, solution] = [`starter/${lab.id}`, `solutions/${lab.id}`]
  return differenceOf(
    plain(treeIn(join(root, starter))),
    plain(treeIn(join(root, solution))),
    starter,
    solution,
  )
}

/** An editor may save CRLF. Nobody wants to see every line as changed. */
const plain = (tree: Tree): Tree =>
  new Map([...tree].map(([path, text]) => [path, text.replaceAll('\r\n', '\n')]))
