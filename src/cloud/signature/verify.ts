import { createHmac, timingSafeEqual } from 'node:crypto'
import { AwsError } from '../error.ts'
import type { Principal } from '../iam/principal.ts'
import type { WireRequest } from '../service.ts'
import { canonicalRequests, sha256 } from './canonical.ts'
import { instant, readSignature, type Signature, stamp } from './read.ts'
import {
  expiredToken,
  mismatch,
  outdated,
  type Protocol,
  refusal,
  skewed,
  unknownToken,
  wrongRegion,
} from './refusals.ts'

/** What is on file for an access key. */
export interface KnownKey {
  readonly secret: string
  /** A session's key is good only together with this. */
  readonly sessionToken?: string
  readonly principal: Principal
  /** Milliseconds since the epoch. */
  readonly expires?: number
}

/** Who signed a request, and for which region and service they signed it. */
export interface Signer {
  readonly principal: Principal
  readonly accessKeyId: string
  readonly region: string
  /** The signing name in the credential scope: `execute-api`. */
  readonly service: string
}

/** How long a signature is good, in minutes, to either side. */
const skewOf = (protocol: Protocol) => (protocol === 'rest-xml' ? 15 : 5)

/**
 * Finds out who signed a request with SigV4, in the Authorization header or in a presigned query.
 *
 * `now` is real time: clients sign by their own clock. Functions sign by the cloud's, `cloudNow`, which may have been moved
 * on. `protocol` chooses the names of the errors, which differ from service to service. A `region` given is the only one
 * that may have been signed for. Throws `AwsError`: nothing signed, not whole, unknown key or token, expired, another
 * signature than ours (facts: E15).
 */
export function verify(
  wire: WireRequest,
  find: (accessKeyId: string) => KnownKey | undefined,
  now: () => number = Date.now,
  protocol: Protocol = 'rest-json',
  region?: string,
  cloudNow: () => number = now,
): Signer {
  const signature = readSignature(wire, protocol)
  if (!signature.signedHeaders.includes('host')) {
    const message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    throw refusal('mismatch', protocol, message)
  }

  const key = find(signature.accessKeyId)
  if (!key || key.sessionToken !== signature.sessionToken) throw unknownToken(protocol)
  if (region !== undefined && signature.region !== region) {
    throw wrongRegion(protocol, signature.region, region)
  }
  checkDate(signature, nearest(instant(signature.date), now(), cloudNow()), protocol)

  const payloadHash = payloadHashOf(wire, signature, protocol)
  const { accessKeyId, service, signedHeaders } = signature
  const requests = canonicalRequests({ ...wire, signedHeaders, payloadHash }, service)
  if (!requests.some(request => sameText(sign(request, signature, key.secret), signature.hex))) {
    throw mismatch(protocol)
  }
  // Last, so that only the owner of a key is told that it has run out.
  if (key.expires !== undefined && key.expires <= now()) throw expiredToken(protocol)
  return { principal: key.principal, accessKeyId, region: signature.region, service }
}

/** Which of two clocks something was dated by. */
const nearest = (date: number, one: number, other: number): number =>
  Math.abs(date - other) < Math.abs(date - one) ? other : one

function checkDate({ date, day, validFor }: Signature, now: number, protocol: Protocol): void {
  const signedAt = instant(date)
  if (Number.isNaN(signedAt)) {
    const message = `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`
    throw refusal('incomplete', protocol, message)
  }
  if (!date.startsWith(day)) {
    const message = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`
    throw refusal('mismatch', protocol, message)
  }
  const minutes = skewOf(protocol)
  const [start, end] = [now - minutes * 60_000, now + minutes * 60_000]
  const [current, early, late] = [now, start, end].map(stamp)
  if (signedAt > end) {
    const message = `Signature not yet current: ${date} is still later than ${late} (${current} + ${minutes} min.)`
    throw skewed(protocol, message)
  }
  if (validFor === undefined && signedAt < start) {
    const message = `Signature expired: ${date} is now earlier than ${early} (${current} - ${minutes} min.)`
    throw skewed(protocol, message)
  }
  if (validFor !== undefined && !(signedAt + validFor * 1000 > now)) {
    const over = Number.isFinite(validFor) ? stamp(signedAt + validFor * 1000) : date
    throw outdated(protocol, `Signature expired: ${over} is now earlier than ${current}`)
  }
}

/**
 * The hash that goes into the signature: that of the body, unless a header stands in for it. A hash that was sent is
 * compared with the body all the same; only `UNSIGNED-PAYLOAD` leaves the body out.
 */
function payloadHashOf(wire: WireRequest, { service, presigned }: Signature, protocol: Protocol): string {
  const sent = wire.headers['x-amz-content-sha256']
  if (sent === 'UNSIGNED-PAYLOAD' || sent === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return sent
  if (typeof sent === 'string' && sent.startsWith('STREAMING-')) {
    const message = 'A header you provided implies functionality that is not implemented: signing in chunks.'
    throw new AwsError('NotImplemented', message, 501)
  }
  if (sent === undefined && presigned && service === 's3') return 'UNSIGNED-PAYLOAD'
  const hash = sha256(wire.body)
  if (sent !== undefined && sent !== hash) {
    if (service !== 's3') throw mismatch(protocol)
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed."
    throw new AwsError('XAmzContentSHA256Mismatch', message, 400)
  }
  return hash
}

function sign(canonicalRequest: string, { date, day, region, service }: Signature, secret: string): string {
  const scope = [day, region, service, 'aws4_request']
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`)
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonicalRequest)].join('\n')).toString(
    'hex',
  )
}

const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
