import type { Properties } from '../properties.ts'

/** What else lies in the account while a row is tried: names and ARNs by output key. */
export type Support = Readonly<Record<string, string>>

/** What AWS does when a property changes: the user guide's "Update requires". */
export type Behaviour = 'no interruption' | 'some interruption' | 'replacement' | 'refused'

/** One property of a type, and one change of it. */
export interface UpdateRow {
  readonly property: string
  readonly does: Behaviour
  /** The new value, and what must change with it. */
  readonly change: Properties | ((support: Support) => Properties)
  /** Other properties before. */
  readonly from?: Properties | ((support: Support) => Properties)
  /** What the service's own API shows afterwards. Absent where nothing here shows it. */
  readonly shows?: object | ((support: Support) => object)
  /** The way back is refused. */
  readonly isOneWay?: true
  /** Where the behaviour stands when it is not what the resource's schema says. */
  readonly source?: string
}

/** The rows of one type. */
export interface UpdateTable {
  readonly type: string
  readonly base: Properties | ((support: Support) => Properties)
  readonly rows: readonly UpdateRow[]
}
