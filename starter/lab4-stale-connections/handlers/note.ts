/** What `$disconnect` is told besides what every event tells. */
interface Context {
  readonly connectionId: string
  readonly routeKey: string
  readonly eventType: string
  readonly disconnectStatusCode?: number
  readonly disconnectReason?: string
}

/** Notes what happened to a connection: one line of the log, for people and for queries. */
export function note({ requestContext }: { readonly requestContext: Context }) {
  const { connectionId, routeKey, eventType, disconnectStatusCode, disconnectReason } = requestContext
  console.log(JSON.stringify({ connectionId, routeKey, eventType, disconnectStatusCode, disconnectReason }))
}
