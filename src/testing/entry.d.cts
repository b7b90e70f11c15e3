/** The local cloud of websocket-labs in your own tests. Its page is docs/testing.md. */

/** What to deploy, and how the cloud is to be. */
export interface LocalCloudOptions {
  /** The folder of a CDK cloud assembly: what `cdk synth` has written, mostly `cdk.out`. */
  readonly assembly?: string
  /** The stacks to deploy out of it, by name or path, with those that they need. All of them unless given. */
  readonly stacks?: readonly string[]
  /** A CDK app instead of a folder. It is synthesized. */
  readonly app?: Synthesizable
  /** A CDK stack instead of a folder. The app around it is synthesized. */
  readonly stack?: StackLike
  /** Leaves out what the local cloud cannot run, instead of refusing the whole. `cloud.leftOut` lists it. */
  readonly skipUnsupported?: boolean
  /** Refuses what has no effect on WebSockets, too. */
  readonly strict?: boolean
  /** Twelve digits. The account that the app names, or 123456789012, unless given. */
  readonly account?: string
  /** The region that the app names, or us-east-1, unless given. */
  readonly region?: string
  /** The local port of the first WebSocket API. A free one unless given. */
  readonly port?: number
  /** Rows, users, objects and parameters to begin with: a JSON or YAML file, the same as an object, or a folder made by `save`. */
  readonly seed?: string | Seed
  /** A folder in which tables, users, objects and parameters are kept from one cloud to the next. */
  readonly state?: string
  /** How long `hears` and `isClosed` wait at most, in milliseconds. 6000 unless given. */
  readonly patience?: number
}

/** A CDK `App` or `Stage`. */
export interface Synthesizable {
  synth(options?: any): { readonly directory: string }
}

/** A CDK `Stack`. */
export interface StackLike {
  readonly stackName: string
  readonly node: { readonly path: string; readonly root: unknown }
}

/** What a cloud begins with. Tables, pools and buckets are named by logical id, physical name or output. */
export interface Seed {
  /** Rows by table: plain values, or DynamoDB JSON. */
  readonly tables?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
  /** Users by user pool. */
  readonly users?: Readonly<Record<string, readonly SeedUser[]>>
  /** Objects by bucket, then by key: a text, or what the object is like. */
  readonly objects?: Readonly<Record<string, Readonly<Record<string, string | SeedObject>>>>
  /** Parameters of Systems Manager by name: a text, or what the parameter is like. */
  readonly parameters?: Readonly<Record<string, string | SeedParameter>>
}

/** A user who can sign in at once. */
export interface SeedUser {
  readonly username: string
  readonly password: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly groups?: readonly string[]
}

/** An object: one of `text`, `base64` and `file`, a path from the seed's folder. */
export interface SeedObject {
  readonly text?: string
  readonly base64?: string
  readonly file?: string
  readonly contentType?: string
}

/** A parameter of Systems Manager. */
export interface SeedParameter {
  readonly value: string
  readonly type?: 'String' | 'StringList' | 'SecureString'
}

/** A local cloud that is up. */
export interface LocalCloud {
  /** The outputs of all stacks as they are reached from here: by `Name` where it is one stack's only, and by `Stack.Name`. */
  readonly outputs: Readonly<Record<string, string>>
  /** The address of every stage of every WebSocket API: `ws://localhost:PORT/live`. */
  readonly sockets: readonly string[]
  /** What was left out of the deployment, a line each. */
  readonly leftOut: readonly string[]
  /** Where AWS clients reach this cloud: for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string
  readonly region: string
  readonly accountId: string
  /** What a process of yours needs so that its AWS SDK, AWS CLI or CDK reaches this cloud. */
  readonly env: Readonly<Record<string, string>>
  /** What has happened so far, and what happens. */
  readonly events: CloudEvents

  /**
   * Opens a WebSocket. `where` is a stage (`live`), an API and its stage (`Chat/live`), or an address. It may be left out
   * where there is only one stage. Rejects when the handshake is refused: the error has the `status`.
   */
  connect(where?: string, options?: ConnectOptions): Promise<Client>
  /** A client of your own AWS SDK (`cloud.aws(DynamoDBClient)`) that reaches this cloud, with an administrator's keys. */
  aws<C>(Client: new (configuration: any) => C, settings?: Readonly<Record<string, unknown>>): C
  /** Moves the cloud's clock on: `'10 minutes'`, or milliseconds. Resolves when what fell due has been done. */
  advance(time: string | number): Promise<void>
  /** Resolves when nothing is under way: no call, no function at work, no message on its way. */
  settled(): Promise<void>
  /**
   * Everything as it was after `localCloud` had come up: clients are disconnected, queues are emptied, functions start anew, and
   * tables, users, objects and parameters are what they were. Addresses and outputs stay, and so does the time of the clock.
   */
  reset(): Promise<void>
  /** Writes tables, users, objects and parameters into a folder. */
  save(folder: string): Promise<void>
  /** Replaces tables, users, objects and parameters by those that `save` has written into a folder. `reset` does not know of it. */
  load(folder: string): Promise<void>
  /** Takes everything down. Nothing stays behind. May be called again. */
  stop(): Promise<void>
  /** For `await using`, where the runtime has it. */
  [Symbol.asyncDispose](): Promise<void>
}

/** How a client connects. */
export interface ConnectOptions {
  /** What error messages call it: `ana`. */
  readonly name?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly subprotocols?: readonly string[]
  /** Signs the handshake, for a route that IAM guards: `true` for an administrator, or keys. */
  readonly signed?: boolean | Credentials
}

/** AWS keys. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A message that is expected: members that must be there, the whole text, or a function that says whether it fits. */
export type Expected = string | Readonly<Record<string, unknown>> | ((message: any) => boolean)

/** A client at the other end of a WebSocket. */
export interface Client {
  readonly name: string
  /** Sends a message: a string as it is, anything else as JSON. */
  send(message: unknown): void
  /**
   * Waits for a message and answers with it, parsed if it is JSON. It is then used up. Messages that do not match stay. Rejects as
   * soon as it is certain that nothing more comes, or after `within` milliseconds.
   */
  hears(expected: Expected, options?: { readonly within?: number }): Promise<any>
  /** Holds if no such message is there, nor comes until the cloud is at rest. */
  hearsNothing(unwanted?: Expected, options?: { readonly within?: number }): Promise<void>
  /** Waits until the other side closes the connection. */
  isClosed(options?: { readonly code?: number }): Promise<{ readonly code: number; readonly reason: string }>
  /** Holds if the connection is still open. */
  isStillThere(): Promise<void>
  /** Closes the connection, and waits until it is closed. */
  close(code?: number, reason?: string): Promise<void>
  /** Cuts the connection without a closing handshake. */
  vanish(): void
  /** Every message that no `hears` has used up. */
  readonly unheard: readonly string[]
}

/** The stream of everything that happens in the cloud. */
export interface CloudEvents {
  /** Everything since the start, or since `reset`, oldest first. */
  history(): readonly CloudEvent[]
  /** Those of them that have these members. */
  find(expected: ExpectedEvent): readonly CloudEvent[]
  /** Waits for an event, one that has been included. Rejects when the cloud is at rest without it. */
  happens(expected: ExpectedEvent): Promise<CloudEvent>
  /** Calls `listener` with each event from now on. The answer stops it. */
  subscribe(listener: (event: CloudEvent) => void): () => void
}

/** Members that an event must have, or a function that says whether it fits. */
export type ExpectedEvent = Readonly<Record<string, unknown>> | ((event: CloudEvent) => boolean)

/**
 * Something that happened. `kind` is `handshake`, `frame`, `close`, `invoke`, `invocation`, `call`, `answer`, `message`, `published`,
 * `decision`, `log`, `item`, `alarm` or `resource`, and the other members go with it.
 */
export interface CloudEvent {
  readonly id: number
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly at: number
  /** The `id` of the event that made it happen. */
  readonly causedBy?: number
  readonly kind: string
  readonly [member: string]: any
}

/** Starts a local cloud, and deploys into it what is given. Without anything to deploy it is empty, for `cdk deploy`. */
export function localCloud(options?: LocalCloudOptions): Promise<LocalCloud>

declare global {
  // Libraries before ES2024's "esnext.disposable" lack it; the same line stands in @types/node.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol
  }
}
