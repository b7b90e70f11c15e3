import type { Page as Tab } from 'playwright'
import type { WebSocket } from 'ws'

/** One person at the other end of a socket. */
export interface Client {
  /** What the report calls them: `ana`. */
  readonly name: string
  /** Sends a message: a string as it is, anything else as JSON. */
  send(message: unknown): void
  /** Sends many messages at once. The report says how many there were, and shows the first. */
  sendAll(messages: readonly unknown[]): void
  /**
   * Waits for a message and answers with it, parsed if it is JSON; it is then used up. An object is matched if
   * every member given is there and equal (nested members likewise; others may be there too), a string by
   * equality, a function by what it says. Messages that do not match stay for the next call. Throws `Unmet`: when the
   * patience ends, or sooner, when it is certain that nothing will come unless somebody does something. So wait after having done it.
   */
  hears(expected: Expected, options?: { readonly as?: string; readonly within?: number }): Promise<any>
  /**
   * Holds if no message matching `unwanted` is there, nor comes until it is certain that none will come. Where pages, programs or
   * strangers act as well, all must have been at rest for a while; on AWS, nobody may have done anything for some seconds, which all
   * who ask share: ask for everybody at once. `within` is the longest that is waited, by itself the patience. Throws `Unmet`.
   */
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

/** One person in front of a browser, a real one, and the sockets that their page opens. */
export interface Page {
  /** What the report calls them: `ana`. */
  readonly name: string
  /** Waits for a message that one of the page's sockets receives, as a `Client` does. Throws `Unmet`. */
  hears: Client['hears']
  hearsNothing: Client['hearsNothing']
  /** Waits for a message that one of the page's sockets sends. Throws `Unmet`. */
  sends: Client['hears']
  /** Waits for a line on the console, or for an error that nothing caught (`TypeError: …`). Throws `Unmet`. */
  logs: Client['hears']
  /** Waits until the page begins to open one more socket, and until one more is closed. Throw `Unmet`. */
  opensSocket(options?: { readonly within?: number }): Promise<unknown>
  losesSocket(options?: { readonly within?: number }): Promise<unknown>
  /** Waits until a text is to be seen on the page, as it is or as part of a longer one. Throws `Unmet`. */
  shows(text: string | RegExp): Promise<void>
  /** Playwright's page: buttons to press, fields to fill, `evaluate`. */
  readonly tab: Tab
  close(): Promise<void>
}

/** A page of the code under test, by its path there, or an empty page with a script: an ES module that may import npm packages. */
export type PageSource = ({ readonly file: string } | { readonly script: string }) & {
  /** What stands in the page's own address after the `?`. */
  readonly query?: Readonly<Record<string, string>>
}

/** A process: a Node program of the code under test. */
export interface Program {
  readonly name: string
  /** Waits for a line, whether of stdout or stderr, as `Client.hears` waits for a message. Throws `Unmet`. */
  prints: Client['hears']
  /** Writes a line to its stdin. */
  write(line: string): void
  /** Waits until it ends, and answers with its exit code; null if it was killed. Throws `Unmet`. */
  ends(options?: { readonly code?: number }): Promise<number | null>
  /** Kills it, if it still runs. */
  stop(): Promise<void>
}

/** What a program is started with. It inherits no other environment than what every process needs. */
export interface ProgramOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Who signs a handshake, for a door that IAM guards, and for which region. */
export interface Signature {
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
  readonly region: string
}

/** How to walk in. */
export interface ConnectOptions {
  /** Where, if it is another address than the output `Url`. */
  readonly url?: string
  /** Signs the handshake, in the query, with AWS's Signature Version 4. */
  readonly signedBy?: Signature
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly protocols?: readonly string[]
}

/** Runs tasks whose requests are under way at the same time. Waits for all of them. */
export type Together = <T>(...tasks: readonly (() => Promise<T>)[]) => Promise<T[]>

/** Many clients at once. */
export interface Crowd {
  /** Twenty unless given. */
  readonly size?: number
  /** How one of them gets in; by `connect` unless given. */
  enter(name: string): Promise<Client>
  /** What each of them says, all at once. Nothing unless given. */
  readonly says?: unknown
}

/** What a probe is given: a stack that is up, and people to try it with. The scene sees everybody out, so that no probe has to. */
export interface Scene {
  /**
   * Opens a socket, to the stack's `Url` output if not told otherwise. A stage that is asked too much at once (429) is asked again, for a few
   * seconds; so does `isRefused`. Throws `Unmet` when the handshake is refused, with its status.
   */
  connect(name: string, options?: ConnectOptions): Promise<Client>
  /** Tries to open a socket that should be refused, and answers with the HTTP status of the refusal. Throws `Unmet` when it opens. */
  isRefused(name: string, options?: ConnectOptions): Promise<number>
  /** Opens a page in Chromium: for a criterion that declares the need `browser`. Throws `Unmet` when the code under test has no such page. */
  page(name: string, source: PageSource): Promise<Page>
  /**
   * Starts a Node program of the code under test, by its path there: JavaScript, or TypeScript, whose types are then not looked
   * at (the check of the whole has done so). Throws `Unmet` when there is no such file.
   */
  run(name: string, file: string, options?: ProgramOptions): Promise<Program>
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
  /**
   * Asks again and again until `ask` answers with something other than undefined. Throws `Unmet`: when the patience (`within`) ends, or
   * sooner, when it is certain that nothing will change unless somebody does something. `stays`: the answer must still be there when
   * nothing is under way any more, where the target can tell. A function may write a row again that it has just deleted.
   */
  eventually<T>(
    expected: string,
    ask: () => Promise<T | undefined>,
    options?: { readonly within?: number; readonly stays?: boolean },
  ): Promise<T>
  /**
   * Runs `during` while consecutive events of a function go to different instances of it, so that what a function keeps in its memory
   * is seen to be kept by one instance only. Best done last: instances that have served before are among them. Where the target
   * cannot do that, a crowd is there meanwhile; `crowd` says how one gets in, and what they all say.
   *
   * `during` is given `together`. Of each of its tasks one request (a handshake, a message, a goodbye) is under way at the same time as
   * the others': functions have read what they read for each of them before they write for any. A task begins by making its request,
   * and ends when the outcome has been seen: `async () => { ana.send(…); await ana.hears(…) }`.
   */
  spread<T>(during: (together: Together) => Promise<T>, crowd?: Partial<Crowd>): Promise<T>
  /**
   * Deploys the stack again, with this CDK context over that of its cdk.json: as `cdk deploy -c key=value` does. Connections stay
   * open. Without any context it is the release that the check began with. Does nothing when that release is the one that is up.
   * The release stays for the promises that follow, so promises that need another one come last, and begin by asking for
   * the one that they need. Throws `Unmet` when the stack cannot be deployed so.
   */
  release(context: Readonly<Record<string, string>>): Promise<void>
  /** Moves the clock of the account on, by milliseconds: for a criterion that declares the need `clock`. */
  advanceClock(ms: number): void
  /** Adds a line to what the report says was done. Sockets add their own. */
  did(line: string): void
  /** Adds a line to the evidence: what went over a socket that the probe opened itself. */
  saw(line: string): void
  /**
   * Adds a socket that the probe opened itself (of the package `ws`) to those by which the scene knows that nothing more comes. Without
   * it the scene takes the client at this socket for a stranger.
   */
  listensOn(socket: WebSocket): void
  /** Does something when the scene ends: sees out whoever the probe brought itself. */
  atTheEnd(leave: () => unknown): void
}
