import { type Node, parseSync, visitorKeys } from 'oxc-parser'

type Which<One, Type> = One extends { type: infer All } ? (Type extends All ? One : never) : never

/** A node of one type. */
export type Of<Type extends Node['type']> = Which<Node, Type>

export type FunctionNode =
  | Of<'ArrowFunctionExpression'>
  | Of<'FunctionExpression'>
  | Of<'FunctionDeclaration'>

/** A program, parsed: its nodes in the order of the text, and the way up from each. */
export interface Tree {
  readonly source: string
  /** All nodes of these types, in the order in which they begin. */
  all<Type extends Node['type']>(...types: Type[]): Of<Type>[]
  parent(node: Node): Node | undefined
  /** From the parent up to the program. */
  ancestors(node: Node): Node[]
  text(node: Node): string
}

/** The text is not a program. */
export class NotAProgram extends Error {}

/** @throws NotAProgram naming the file and the first error. */
export function parse(file: string, source: string): Tree {
  const { program, errors } = parseSync(file, source)
  if (errors[0]) throw new NotAProgram(`${file}: ${errors[0].message}`)

  const parents = new Map<Node, Node>()
  const byType = new Map<string, Node[]>()
  visit(program as Node)

  return {
    source,
    all: (...types) =>
      types.flatMap(type => (byType.get(type) ?? []) as any[]).sort((a, b) => a.start - b.start),
    parent: node => parents.get(node),
    ancestors(node) {
      const way: Node[] = []
      for (let up = parents.get(node); up; up = parents.get(up)) way.push(up)
      return way
    },
    text: ({ start, end }) => source.slice(start, end),
  }

  function visit(node: Node): void {
    byType.set(node.type, [...(byType.get(node.type) ?? []), node])
    for (const key of visitorKeys[node.type] ?? []) {
      const value = (node as unknown as Record<string, unknown>)[key]
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type !== 'string') continue
        parents.set(child, node)
        visit(child)
      }
    }
  }
}

const functions: ReadonlySet<string> = new Set([
  'ArrowFunctionExpression',
  'FunctionExpression',
  'FunctionDeclaration',
])

/** The innermost function around a node. */
export const functionAround = (tree: Tree, node: Node): FunctionNode | undefined =>
  tree.ancestors(node).find(one => functions.has(one.type)) as FunctionNode | undefined

/** Whether a variable `event` is in sight: the parameter of a handler. */
export const eventAround = (tree: Tree, node: Node): boolean =>
  tree
    .ancestors(node)
    .some(one => functions.has(one.type) && (one as FunctionNode).params.some(it => nameOf(it) === 'event'))

/** Whether a node is inside a node of this type, and in the same function. */
export function isIn(tree: Tree, node: Node, type: Node['type']): boolean {
  const way = tree.ancestors(node)
  const border = way.findIndex(one => functions.has(one.type))
  return way.slice(0, border < 0 ? undefined : border).some(one => one.type === type)
}

/** The name of a plain identifier or property key; the value of a key in quotes. */
export function nameOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Identifier') return node.name
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  return undefined
}

/** `send` of `dynamodb.send(…)` and of `send(…)`. */
export const calledName = ({ callee }: Of<'CallExpression'> | Of<'NewExpression'>): string | undefined =>
  callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)

/** What `await` waits for, without parentheses and assertions around it. */
export function bare(node: Node): Node {
  if (node.type === 'AwaitExpression') return bare(node.argument)
  if (
    node.type === 'ParenthesizedExpression' ||
    node.type === 'TSNonNullExpression' ||
    node.type === 'TSAsExpression'
  )
    return bare(node.expression)
  return node
}

/** The properties of an object literal, without spreads. */
export const propertiesOf = (node: Of<'ObjectExpression'>): Of<'Property'>[] =>
  node.properties.filter(one => one.type === 'Property') as Of<'Property'>[]

/** The property of an object literal that has this name. */
export const propertyOf = (node: Of<'ObjectExpression'>, name: string): Of<'Property'> | undefined =>
  propertiesOf(node).find(one => !one.computed && nameOf(one.key) === name)
