import type { Fault } from '../integrations/errand.ts'

/** `$context.error.responseType`: REST's names of gateway responses (assumed to be the same for WebSocket APIs). */
export type ResponseType =
  | 'ACCESS_DENIED'
  | 'API_CONFIGURATION_ERROR'
  | 'AUTHORIZER_CONFIGURATION_ERROR'
  | 'AUTHORIZER_FAILURE'
  | 'BAD_REQUEST_BODY'
  | 'BAD_REQUEST_PARAMETERS'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'INVALID_API_KEY'
  | 'INVALID_SIGNATURE'
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'QUOTA_EXCEEDED'
  | 'THROTTLED'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED_MEDIA_TYPE'

/** What kind of error a failed integration is. */
export function integrationFailure({ status, because }: Fault): ResponseType {
  if (status === 504) return 'INTEGRATION_TIMEOUT'
  if (status === 415) return 'UNSUPPORTED_MEDIA_TYPE'
  if (status === 400) return 'BAD_REQUEST_PARAMETERS'
  return because.startsWith('Execution failed due to configuration error')
    ? 'API_CONFIGURATION_ERROR'
    : 'INTEGRATION_FAILURE'
}
