import { AwsError } from '../error.ts'
import type { Service } from '../service.ts'

/** Which dialect a refusal is put into: the protocol of the service that was called. */
export type Protocol = Service['protocol']

type Refusal = 'missing' | 'incomplete' | 'unknown' | 'expired' | 'mismatch'

/** The same five refusals under the names that each family of services gives them. Status by DynamoDB's and STS's documentation. */
const names: Readonly<
  Record<'json' | 'query' | 'rest', Readonly<Record<Refusal, string>> & { readonly status: number }>
> = {
  json: {
    missing: 'MissingAuthenticationTokenException',
    incomplete: 'IncompleteSignatureException',
    unknown: 'UnrecognizedClientException',
    expired: 'ExpiredTokenException',
    mismatch: 'InvalidSignatureException',
    status: 400,
  },
  query: {
    missing: 'MissingAuthenticationToken',
    incomplete: 'IncompleteSignature',
    unknown: 'InvalidClientTokenId',
    expired: 'ExpiredToken',
    mismatch: 'SignatureDoesNotMatch',
    status: 403,
  },
  rest: {
    missing: 'MissingAuthenticationTokenException',
    incomplete: 'IncompleteSignatureException',
    unknown: 'UnrecognizedClientException',
    expired: 'ExpiredTokenException',
    mismatch: 'InvalidSignatureException',
    status: 403,
  },
}

/** A refusal to believe who is calling, in the dialect of `protocol` (facts: E15, F17). */
export function refusal(kind: Refusal, protocol: Protocol, message: string): AwsError {
  const family = names[protocol === 'query' ? 'query' : protocol === 'rest-json' ? 'rest' : 'json']
  return new AwsError(family[kind], message, family.status)
}

/** API Gateway's sentence (facts: E15); the others say it with one word more. */
export const missingToken = (protocol: Protocol) =>
  refusal(
    'missing',
    protocol,
    protocol === 'rest-json' ? 'Missing Authentication Token' : 'Request is missing Authentication Token',
  )

export const unknownToken = (protocol: Protocol) =>
  refusal('unknown', protocol, 'The security token included in the request is invalid.')

export const expiredToken = (protocol: Protocol) =>
  refusal('expired', protocol, 'The security token included in the request is expired')

export const mismatch = (protocol: Protocol) =>
  refusal(
    'mismatch',
    protocol,
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
