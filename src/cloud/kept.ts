/** What can be kept of a cloud, and put back into one: the data, and not what stacks make. Plain values, except for bytes. */
export interface Kept {
  /** Items by table, in DynamoDB JSON. */
  readonly tables: Readonly<Record<string, readonly KeptItem[]>>
  /** Users and groups by the id of the pool. */
  readonly pools: Readonly<Record<string, KeptPool>>
  /** Objects by bucket. */
  readonly buckets: Readonly<Record<string, readonly KeptObject[]>>
  readonly parameters: readonly KeptParameter[]
}

/** One room's part of it. `load` replaces what is there, and nobody is told: no stream, no notification, no event. */
export interface Keeper<T> {
  save(): T | Promise<T>
  load(kept: T): void | Promise<void>
}

/** A cloud's data, and what is put into it from outside without anybody being told. */
export interface Data extends Keeper<Kept> {
  /** Lets somebody into a pool, who can sign in at once; groups that are not there are made. Throws `AwsError`, as Cognito would. */
  addUser(poolId: string, user: NewUser): void
  /** Puts a parameter, over one that is there. Throws `AwsError`. */
  putParameter(parameter: NewParameter): void
}

export interface NewUser {
  readonly username: string
  readonly password: string
  readonly attributes: Readonly<Record<string, string>>
  readonly groups: readonly string[]
}

export interface NewParameter {
  readonly name: string
  readonly value: string
  readonly type: string
}

/** An item that its table does not take, in AWS's words. Of the table nothing has been changed. */
export class NotTaken extends Error {
  readonly table: string
  /** Its place among the items. */
  readonly index: number

  constructor(table: string, index: number, words: string) {
    super(words)
    this.table = table
    this.index = index
  }
}

export type KeptItem = Readonly<Record<string, any>>

export interface KeptPool {
  readonly users: readonly KeptUser[]
  readonly groups: readonly KeptGroup[]
}

export interface KeptUser {
  readonly username: string
  readonly sub: string
  readonly created: number
  readonly modified: number
  readonly attributes: Readonly<Record<string, string>>
  readonly status: string
  readonly isEnabled: boolean
  /** What a password is checked by, in hexadecimal. It depends on the id of the pool. */
  readonly password?: { readonly salt: string; readonly verifier: string }
  readonly passwordGiven: number
}

export interface KeptGroup {
  readonly name: string
  readonly created: number
  readonly modified: number
  readonly description?: string | undefined
  readonly roleArn?: string | undefined
  readonly precedence?: number | undefined
  readonly members: readonly string[]
}

/** One version of an object, or a marker; those of one key stand in their order. */
export interface KeptObject {
  readonly key: string
  readonly versionId: string
  readonly modified: number
  readonly isMarker: boolean
  readonly bytes: Buffer
  readonly etag: string
  readonly headers: any
  readonly checksum?: any
  readonly tags: Readonly<Record<string, string>>
  readonly parts?: readonly number[] | undefined
}

export interface KeptParameter {
  readonly name: string
  readonly versions: readonly any[]
  readonly tags: Readonly<Record<string, string>>
}
