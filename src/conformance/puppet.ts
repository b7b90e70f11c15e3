/**
 * The function behind most conformance rows. It does what the message, the query string or its environment orders, and
 * writes down every event it is given. It is deployed as inline code, and so may use nothing but Node and the SDK.
 */

/** What a puppet can be ordered to do; the first that is given counts, after the waiting. */
export interface Order {
  /** Milliseconds to wait first. */
  readonly wait?: number
  /** Calls to make with the AWS SDK, one after the other. What they come to is returned in the body. */
  readonly call?: readonly SdkCall[]
  /** Returns the event itself in the body. */
  readonly echo?: true
  readonly throw?: { readonly name?: string; readonly message: string }
  /** Ends the process. */
  readonly exit?: number
  /** Never ends. */
  readonly hang?: true
  /** Returns this, as it is. */
  readonly return?: unknown
}

/**
 * One SDK call. `$connectionId`, `$domainName` and `$stage` in any text stand for those of the event.
 * `client` is the package's name after `client-`: `apigatewaymanagementapi`.
 */
export interface SdkCall {
  readonly client: string
  /** `PostToConnection`. */
  readonly command: string
  readonly input: Readonly<Record<string, unknown>>
  /** Of the client: `endpoint` for @connections. */
  readonly config?: Readonly<Record<string, unknown>>
}

/** What a call came to. */
export interface CallEnded {
  readonly output?: any
  readonly error?: {
    readonly name: string
    readonly message: string
    /** The class that a handler would test with `instanceof`. */
    readonly type: string
    readonly code?: string
    readonly status?: number
    readonly attempts?: number
    readonly retryable: boolean
  }
}

export async function handler(event: any): Promise<unknown> {
  console.log(`SAW ${JSON.stringify(event)}`)
  const order = orderIn(event)
  if (order.wait) await new Promise(resolve => setTimeout(resolve, order.wait))
  if (order.throw) {
    const error = new Error(order.throw.message)
    if (order.throw.name) error.name = order.throw.name
    throw error
  }
  if (order.exit !== undefined) process.exit(order.exit)
  if (order.hang) await new Promise(() => setInterval(() => {}, 1000))
  if (order.echo) return { statusCode: 200, body: JSON.stringify(event) }
  if (order.call) {
    const ended: CallEnded[] = []
    for (const call of order.call) ended.push(await make(call))
    console.log(`CALLED ${JSON.stringify({ call: order.call, ended })}`)
    return { statusCode: 200, body: JSON.stringify(ended) }
  }
  return 'return' in order ? order.return : { statusCode: 200 }
}

/** An authorizer's order comes in `auth`, a `$connect`'s in `do`, a message's in its member `do`; what has none does what DO says. */
function orderIn(event: any): Order {
  const query = event.queryStringParameters ?? {}
  const context = event.requestContext ?? {}
  const given =
    event.type === 'REQUEST' ? query.auth : (query.do ?? parsed(event.body)?.do ?? event.do ?? undefined)
  const text = JSON.stringify(typeof given === 'string' ? JSON.parse(given) : (given ?? null))
  const order = text === 'null' ? (process.env.DO ?? '{}') : text
  return JSON.parse(
    order
      .replaceAll('$connectionId', context.connectionId)
      .replaceAll('$domainName', context.domainName)
      .replaceAll('$stage', context.stage)
      .replaceAll('$methodArn', event.methodArn),
  )
}

function parsed(text: unknown): any {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

async function make({ client, command, input, config = {} }: SdkCall): Promise<CallEnded> {
  const sdk = require(`@aws-sdk/client-${client}`)
  const Client = sdk[Object.keys(sdk).find(name => /[a-z0-9A-Z]Client$/.test(name) && !name.startsWith('_'))!]
  try {
    const { $metadata: _, ...output } = await new Client(config).send(new sdk[`${command}Command`](input))
    return { output }
  } catch (error: any) {
    const { name, message, Code, $metadata, $retryable } = error
    return {
      error: {
        name,
        message,
        type: error.constructor.name,
        code: Code ?? error.code,
        status: $metadata?.httpStatusCode,
        attempts: $metadata?.attempts,
        retryable: $retryable !== undefined,
      },
    }
  }
}
