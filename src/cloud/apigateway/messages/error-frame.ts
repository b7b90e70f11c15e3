/** What the gateway itself says to clients, in AWS's words (facts: B7, B10, B13, B15; the last three are assumed: C13, G10, F23). */
export const says = {
  forbidden: 'Forbidden',
  unauthorized: 'Unauthorized',
  internal: 'Internal server error',
  timedOut: 'Endpoint request timed out',
  invalidBody: 'Invalid request body',
  unsupportedMediaType: 'Unsupported Media Type',
  tooMany: 'Too Many Requests',
  limitExceeded: 'Limit Exceeded',
} as const

/** A frame that the gateway makes, byte for byte: spaces after the first colon and the commas, none after the others (facts: B8). */
export const errorFrame = (message: string, connectionId: string, requestId: string) =>
  `{"message": ${JSON.stringify(message)}, "connectionId":"${connectionId}", "requestId":"${requestId}"}`
