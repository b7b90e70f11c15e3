import { randomInt } from 'node:crypto'
import { expiredCode, refusal } from './errors.ts'
import type { Pool, User } from './pool.ts'

/** As much of CloudWatch Logs as there is need of. */
export interface LogStore {
  readonly groups: ReadonlyMap<string, unknown>
  createGroup(name: string): unknown
  deleteGroup(name: string): void
  write(groupName: string, streamName: string, message: string): void
}

/** Where a code was sent, as answers show it. */
export interface CodeDelivery {
  readonly Destination: string
  readonly DeliveryMedium: 'EMAIL' | 'SMS'
  readonly AttributeName: string
}

/**
 * What Cognito sends by e-mail and SMS. Nothing leaves this machine: each message is a line of JSON in the log group
 * `/local/cognito/{poolId}`, stream `email` or `sms`: `{"to":…,"subject":…,"message":…,"username":…,"code":…}`.
 */
export interface Post {
  /** Sends a new code for `purpose` to one of the user's attributes. Any code sent before for it is void. */
  sendCode(pool: Pool, user: User, purpose: Purpose, attribute: string): CodeDelivery
  /** Tells a user the password that an administrator has given them; false when they have no address to send it to. */
  invite(pool: Pool, user: User, password: string, media: readonly string[]): boolean
  /** Forgets what was sent to a pool's users. */
  forget(pool: Pool): void
}

/** What a code is for: an attribute is verified by one of its own. */
export type Purpose = 'sign-up' | 'password' | 'email' | 'phone_number'

const HOUR = 60 * 60 * 1000
/** How long a code is good, in milliseconds. */
const GOOD_FOR: Readonly<Record<Purpose, number>> = {
  'sign-up': 24 * HOUR,
  password: HOUR,
  email: 24 * HOUR,
  phone_number: 24 * HOUR,
}

/** Starts the post. */
export function startPost(logs: LogStore, now: () => number): Post {
  const groupOf = ({ id }: Pool) => `/local/cognito/${id}`

  return {
    sendCode(pool, user, purpose, attribute) {
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      user.codes.set(purpose, { code, attribute, expires: now() + GOOD_FOR[purpose] })
      send(pool, user, attribute, pool.settings.messages.code, code)
      return deliveryTo(attribute, user.attributes.get(attribute) ?? '')
    },
    invite(pool, user, password, media) {
      const wanted = media.flatMap(medium => ATTRIBUTES[medium] ?? [])
      const attributes = wanted.filter(name => user.attributes.get(name))
      for (const name of attributes) send(pool, user, name, pool.settings.messages.invitation, password)
      return attributes.length > 0
    },
    forget(pool) {
      if (logs.groups.has(groupOf(pool))) logs.deleteGroup(groupOf(pool))
    },
  }

  function send(
    pool: Pool,
    user: User,
    attribute: string,
    text: { readonly subject: string; readonly email: string; readonly sms: string },
    code: string,
  ) {
    const isEmail = attribute === 'email'
    const name = pool.settings.usernameAttributes.length > 0 ? user.attributes.get(attribute) : user.username
    const message = (isEmail ? text.email : text.sms)
      .replaceAll('{####}', code)
      .replaceAll('{username}', name ?? user.username)
    const letter = {
      to: user.attributes.get(attribute),
      ...(isEmail ? { subject: text.subject } : {}),
      message,
      username: user.username,
      code,
    }
    const group = groupOf(pool)
    if (!logs.groups.has(group)) logs.createGroup(group)
    logs.write(group, isEmail ? 'email' : 'sms', JSON.stringify(letter))
  }
}

/**
 * Takes a code that was sent for `purpose`; it is good once.
 *
 * @throws CodeMismatchException, ExpiredCodeException also when none was sent.
 */
export function takeCode(user: User, purpose: Purpose, given: string, now: number): { attribute: string } {
  const sent = user.codes.get(purpose)
  if (!sent || now >= sent.expires) throw expiredCode()
  if (sent.code !== given) throw codeMismatch()
  user.codes.delete(purpose)
  return sent
}

export const codeMismatch = () =>
  refusal('CodeMismatchException', 'Invalid verification code provided, please try again.')

/** `a***@e***`, `+*******1234`. */
export const deliveryTo = (attribute: string, address: string): CodeDelivery =>
  attribute === 'email'
    ? {
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: address
          .split('@')
          .map(half => `${half.charAt(0)}***`)
          .join('@'),
      }
    : {
        AttributeName: attribute,
        DeliveryMedium: 'SMS',
        Destination: `+${'*'.repeat(Math.max(0, address.length - 5))}${address.slice(-4)}`,
      }

/** By what AWS calls the ways of sending something. */
const ATTRIBUTES: Readonly<Record<string, string>> = { EMAIL: 'email', SMS: 'phone_number' }
