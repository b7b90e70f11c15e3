/** Notes what happened to a connection. */
export function note({ requestContext }: { requestContext: { connectionId: string; routeKey: string } }) {
  console.log(requestContext.routeKey, requestContext.connectionId)
}
