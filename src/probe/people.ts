/** One person at the other end of a socket. */
export interface Client {
  /** What the report calls them: `ana`. */
  readonly name: string
  /** Sends a message: a string as it is, anything else as JSON. */
  send(message: unknown): void
  /**
   * Waits for a message and answers with it, parsed if it is JSON; it is then used up. An object is matched if
   * every member given is there and equal (nested members likewise; others may be there too), a string by
   * equality, a function by what it says. Messages that do not match stay for the next call. Throws `Unmet`.
   */
  hears(expected: Expected, options?: { readonly as?: string; readonly within?: number }): Promise<any>
  /** Holds if no message matching `unwanted` is there, nor comes within `ms` (default 300). Throws `Unmet`. */
  hearsNothing(
    unwanted: Expected,
    options?: { readonly as?: string; readonly within?: number },
  ): Promise<void>
  /** Waits until the other side closes the connection. Throws `Unmet`. */
  isClosed(options?: { readonly code?: number }): Promise<Closed>
  /** Holds if the connection is still open and still answers: a ping is answered with a pong. Throws `Unmet`. */
  isStillThere(): Promise<void>
  /** Closes the connection and waits until it is closed. */
  leave(code?: number, reason?: string): Promise<void>
  /** Cuts the TCP connection without a closing handshake. */
  vanish(): void
  /** Every message heard so far that no call of `hears` has used up. */
  readonly unheard: readonly string[]
}

export type Expected = string | Readonly<Record<string, unknown>> | ((message: any) => boolean)

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** How to walk in. */
export interface ConnectOptions {
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly protocols?: readonly string[]
}

/** What a probe is given: a stack that is up, and people to try it with. The scene sees everybody out, so that no probe has to. */
export interface Scene {
  /** Opens a socket to the stack's `Url` output. Throws `Unmet` when the handshake is refused, with its status. */
  connect(name: string, options?: ConnectOptions): Promise<Client>
  /** Tries to open a socket that should be refused, and answers with the HTTP status of the refusal. Throws `Unmet` when it opens. */
  isRefused(name: string, options?: ConnectOptions): Promise<number>
  /** An output of the stack. Throws `Unmet` when the stack has none of that name. */
  output(name: string): string
  /** What the stack is made of, by CloudFormation type: logical and physical ids. */
  resources(type: string): readonly { readonly logicalId: string; readonly physicalId: string }[]
  /** An AWS SDK client (`aws(DynamoDBClient)`) that reaches the account where the stack runs. `settings` go over its configuration. */
  aws<C>(Client: new (configuration: any) => C, settings?: Readonly<Record<string, unknown>>): C
  /** Where the stack's `@connections` are reached from outside: an endpoint for `ApiGatewayManagementApiClient`. */
  readonly callbackUrl: string
  /** The account and region in which the stack runs, for ARNs. */
  readonly accountId: string
  readonly region: string
  /** Something nobody has said before. */
  nonce(): string
  /** Asks again and again, with patience, until `ask` answers with something other than undefined. Throws `Unmet`. */
  eventually<T>(expected: string, ask: () => Promise<T | undefined>): Promise<T>
  /** Moves the clock of the account on, by milliseconds: for a criterion that declares the need `clock`. */
  advanceClock(ms: number): void
  /** Adds a line to what the report says was done. Sockets add their own. */
  did(line: string): void
}
