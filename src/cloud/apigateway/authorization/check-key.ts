import type { Core } from '../core.ts'
import type { ApiKeySource } from '../definition.ts'
import { masked } from '../logs/mask.ts'
import type { RequestLog } from '../logs/request-log.ts'
import { says } from '../messages/error-frame.ts'
import type { Occasion, Peer } from '../messages/event-shapes.ts'
import type { DeployedRoute } from '../snapshot.ts'
import type { Offer } from '../sockets/offer.ts'
import type { Refusal } from '../sockets/refusal.ts'
import type { Known } from './identify.ts'

/**
 * Sees to the client's API key, after the authorizer and before the integration, as the lines of REST's execution logs stand (facts: F23).
 * Where `$connect` wants none, one that comes along all the same says nothing and costs nothing.
 */
export function checkKey(
  core: Core,
  route: DeployedRoute,
  source: ApiKeySource,
  occasion: Occasion,
  { peer, usageIdentifierKey }: Known,
  offer: Offer,
  log: RequestLog,
): Peer | Refusal {
  const { apiId, stage, requestId } = occasion
  const value = !route.apiKeyRequired
    ? undefined
    : source === 'authorizer'
      ? usageIdentifierKey
      : offer.headers.find(([name]) => name.toLowerCase() === 'x-api-key')?.[1]
  const shown = masked(value ?? '')
  const where = `API Stage: ${apiId}/${stage}`
  log.step(`Verifying Usage Plan for request: ${requestId}. API Key: ${shown} ${where}`)
  const succeeded = `Usage Plan check succeeded for API Key ${shown} and API Stage ${apiId}/${stage}`
  if (!route.apiKeyRequired) {
    log.step(
      `API Key ${shown} authorized because route '${route.routeKey}' does not require API Key. Request will not contribute to throttle or quota limits`,
    )
    log.step(succeeded)
    return peer
  }

  const verdict = core.keychain.spend(value || undefined, apiId, stage)
  if (verdict.kind === 'good') {
    log.step(
      `API Key ${shown} authorized because route '${route.routeKey}' requires API Key. Request will contribute to throttle or quota limits`,
    )
    log.step(succeeded)
    const { key } = verdict
    // Both also stand in the identity of events, as in REST (assumed).
    return { ...peer, caller: { ...peer.caller, apiKey: key.value, apiKeyId: key.id } }
  }
  const { because } = verdict
  if (verdict.kind === 'unknown') {
    log.failure(
      `API Key ${shown} not authorized because route '${route.routeKey}' requires API Key and API Key is not associated with a Usage Plan for API Stage ${apiId}/${stage}: ${because}`,
    )
    return { status: 403, message: says.forbidden, because, responseType: 'INVALID_API_KEY' }
  }
  // The words are assumed, REST's name a method.
  log.failure(`${because}. API Key: ${shown} ${where}`)
  return verdict.kind === 'throttled'
    ? { status: 429, message: says.tooMany, because, responseType: 'THROTTLED' }
    : { status: 429, message: says.limitExceeded, because, responseType: 'QUOTA_EXCEEDED' }
}
