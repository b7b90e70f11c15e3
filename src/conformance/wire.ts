/** What an SDK client sent, and what it got back, before it made sense of it. */
export interface OnTheWire {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
  }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

/**
 * Sends a command, and answers with what went over the wire instead of what the SDK makes of it. Redirects and errors
 * are answers like others.
 */
export async function onTheWire(
  client: { send(command: any): Promise<unknown>; readonly middlewareStack: any },
  command: unknown,
): Promise<OnTheWire> {
  let seen: OnTheWire | undefined
  client.middlewareStack.add(
    (next: (args: any) => Promise<any>) => async (args: any) => {
      const { request } = args
      const result = await next(args)
      const { statusCode, headers, body } = result.response
      const chunks: Buffer[] = []
      for await (const chunk of body) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      seen = {
        request: { method: request.method, path: request.path, headers: request.headers },
        response: { status: statusCode, headers, body: bytes.toString() },
      }
      // The SDK reads it again.
      result.response.body = bytes
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'onTheWire', override: true },
  )
  await client.send(command).catch(() => {})
  if (!seen) throw new Error('nothing was answered')
  return seen
}
