import type { Account } from '../account.ts'
import type { WireRequest } from '../service.ts'

/**
 * The signing name of the service that a request is for: `dynamodb`. The signature names it, whatever host it was sent
 * to; an unsigned request is for the service whose host it names (`sts.us-east-1.amazonaws.com`), or which has that
 * host of the customer's own (`serviceAt`).
 */
export function serviceOf(
  wire: WireRequest,
  { region, urlSuffix }: Account,
  serviceAt?: (host: string) => string | undefined,
): string {
  return signedFor(wire) ?? namedBy(wire.host, region, urlSuffix) ?? serviceAt?.(wire.host) ?? 'unknown'
}

/** The signing name in a request's credential scope; undefined when it is not signed. */
export function signedFor({ headers, target }: Pick<WireRequest, 'headers' | 'target'>): string | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization?.toString() ?? '')?.[1] ??
    new URLSearchParams(target.split('?')[1]).get('X-Amz-Credential')
  return credential?.split('/')[3]
}

/** `{api}.execute-api.{region}.…` and `{bucket}.s3.{region}.…` have a label of their own in front. */
function namedBy(host: string, region: string, urlSuffix: string): string | undefined {
  if (!host.endsWith(`.${urlSuffix}`)) return undefined
  const labels = host.slice(0, -urlSuffix.length - 1).split('.')
  return labels.at(-1) === region ? labels.at(-2) : labels.at(-1)
}
