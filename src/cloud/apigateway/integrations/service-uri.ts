/** What the URI of an AWS integration asks for (facts: C17, C18). */
export interface ServiceUri {
  readonly region: string
  /** As in host names: `sqs`. */
  readonly service: string
  readonly kind: 'path' | 'action'
  /** `123456789012/queue`, or `PutItem`. */
  readonly rest: string
}

/** Services that AWS integrations reach here. */
export const REACHED = ['dynamodb', 'lambda', 'sns', 'sqs']

/** Reads `arn:aws:apigateway:{region}:{service}:path|action/{rest}`; `undefined` for anything else. */
export function serviceUri(uri: string): ServiceUri | undefined {
  const [, region = '', service = '', kind, rest = ''] =
    /^arn:[\w-]+:apigateway:([\w-]+):([\w.-]+):(path|action)\/(.*)$/s.exec(uri) ?? []
  return kind === 'path' || (kind === 'action' && rest) ? { region, service, kind, rest } : undefined
}
