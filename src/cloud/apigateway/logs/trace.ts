/** A header or query parameter; a name may come again. */
export type Pairs = readonly (readonly [string, string])[]

/** A request to a backend, after all transformations. */
export interface EndpointRequest {
  readonly method: string
  /** `https://sqs.us-east-1.amazonaws.com/123456789012/chat?x=1`. */
  readonly uri: string
  readonly headers: Pairs
  readonly body: Buffer
}

/** A backend's answer, before any transformation. */
export interface EndpointResponse {
  readonly status: number
  /** All values of a name in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: Buffer
}

/**
 * What went between the gateway and a backend on one request, for the logs (facts: H13, H15). It is filled in as it happens: of a backend that
 * did not answer in time there is a request without a response, of a MOCK there is neither, only its status.
 */
export interface Trace {
  request?: EndpointRequest
  response?: EndpointResponse
  /** Milliseconds by the cloud's clock between the two: `$context.integration.latency`. */
  latency?: number
  /**
   * What the backend said: `$context.integration.status`. Of AWS_PROXY it is the function's own `statusCode`, where `response.status` is
   * Lambda's (`$context.integration.integrationStatus`).
   */
  status?: number
  /** The id under which an AWS service knows the request: `$context.integration.requestId`. */
  requestId?: string
}
