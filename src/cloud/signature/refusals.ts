import { AwsError } from '../error.ts'
import type { Service } from '../service.ts'

/** Which dialect a refusal is put into: the protocol of the service that was called. */
export type Protocol = Service['protocol']

type Refusal = 'missing' | 'incomplete' | 'unknown' | 'expired' | 'mismatch'

/** The same five refusals under the names that each family of services gives them. Status by DynamoDB's and STS's documentation. */
const names: Readonly<
  Record<'json' | 'query' | 'rest' | 's3', Readonly<Record<Refusal, string>> & { readonly status: number }>
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
  s3: {
    missing: 'AccessDenied',
    incomplete: 'AuthorizationHeaderMalformed',
    unknown: 'InvalidAccessKeyId',
    expired: 'ExpiredToken',
    mismatch: 'SignatureDoesNotMatch',
    status: 403,
  },
}

/** By S3's list of error codes. */
const S3_STATUS: Readonly<Partial<Record<Refusal, number>>> = { incomplete: 400, expired: 400 }

/** A refusal to believe who is calling, in the dialect of `protocol` (facts: E15, F17). */
export function refusal(kind: Refusal, protocol: Protocol, message: string): AwsError {
  const family = names[familyOf(protocol)]
  const status = protocol === 'rest-xml' ? S3_STATUS[kind] : undefined
  return new AwsError(family[kind], message, status ?? family.status)
}

const familyOf = (protocol: Protocol) =>
  protocol === 'query' ? 'query' : protocol === 'rest-json' ? 'rest' : protocol === 'rest-xml' ? 's3' : 'json'

/** API Gateway's sentence (facts: E15); the others say it with one word more. */
export const missingToken = (protocol: Protocol) =>
  refusal(
    'missing',
    protocol,
    protocol === 'rest-json'
      ? 'Missing Authentication Token'
      : protocol === 'rest-xml'
        ? 'Access Denied'
        : 'Request is missing Authentication Token',
  )

export const unknownToken = (protocol: Protocol) =>
  refusal(
    'unknown',
    protocol,
    protocol === 'rest-xml'
      ? 'The AWS Access Key Id you provided does not exist in our records.'
      : 'The security token included in the request is invalid.',
  )

export const expiredToken = (protocol: Protocol) =>
  refusal(
    'expired',
    protocol,
    protocol === 'rest-xml'
      ? 'The provided token has expired.'
      : 'The security token included in the request is expired',
  )

export const mismatch = (protocol: Protocol) =>
  refusal(
    'mismatch',
    protocol,
    'The request signature we calculated does not match the signature you provided. ' +
      (protocol === 'rest-xml'
        ? 'Check your key and signing method.'
        : 'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'),
  )

export const wrongRegion = (protocol: Protocol, sent: string, expected: string) =>
  protocol === 'rest-xml'
    ? new AwsError(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; the region '${sent}' is wrong; expecting '${expected}'`,
        400,
        { Region: expected },
      )
    : refusal('mismatch', protocol, `Credential should be scoped to a valid region, not '${sent}'.`)

/** Signed at another time than now; `message` is what all but S3 say to it. */
export const skewed = (protocol: Protocol, message: string) =>
  protocol === 'rest-xml'
    ? new AwsError(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
      )
    : refusal('mismatch', protocol, message)

/** A presigned URL whose time is over; `message` is what all but S3 say to it. */
export const outdated = (protocol: Protocol, message: string) =>
  protocol === 'rest-xml'
    ? new AwsError('AccessDenied', 'Request has expired', 403)
    : refusal('mismatch', protocol, message)
