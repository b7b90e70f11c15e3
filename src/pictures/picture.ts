/** What a box stands for. It decides the colour of the box, and the word above its name. */
export type Kind =
  | 'client'
  | 'api'
  | 'function'
  | 'table'
  | 'topic'
  | 'queue'
  | 'pool'
  | 'role'
  | 'folder'
  | 'tool'
  | 'cloud'

/** A box. Its lines are sentences in small letters; its rows are places at which arrows can end: `api/$connect`. */
export interface Box {
  readonly id: string
  readonly kind: Kind
  readonly name: string
  readonly lines?: readonly string[]
  readonly rows?: readonly string[]
}

/** From one box or row to another. A dashed arrow is a call of the AWS API, for which a role needs permission. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly dashed?: true
}

/** A picture of a stack, from left to right. */
export interface Picture {
  readonly title: string
  /** The same in words, for readers who do not see it. */
  readonly says: string
  readonly columns: readonly (readonly Box[])[]
  readonly arrows: readonly Arrow[]
}
