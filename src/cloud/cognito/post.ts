import { randomInt } from 'node:crypto'
import { expiredCode, refusal } from './errors.ts'
import type { Pool, User } from './pool.ts'
import { attributesFor, given, type Triggers } from './triggers.ts'

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

interface Text {
  readonly subject: string
  readonly email: string
  readonly sms: string
}

/**
 * What Cognito sends by e-mail and SMS. Nothing leaves this machine: each message is a line of JSON in the log group
 * `/local/cognito/{poolId}`, stream `email` or `sms`: `{"to":…,"subject":…,"message":…,"username":…,"code":…}`.
 */
export interface Post {
  /** Sends a new code for `purpose` to one of the user's attributes. Any code sent before for it is void. */
  sendCode(
    pool: Pool,
    user: User,
    purpose: Purpose,
    attribute: string,
    occasion: Letter,
  ): Promise<CodeDelivery>
  /** Tells a user the password that an administrator has given them; false when they have no address to send it to. */
  invite(
    pool: Pool,
    user: User,
    password: string,
    media: readonly string[],
    occasion: Letter,
  ): Promise<boolean>
  /** Forgets what was sent to a pool's users. */
  forget(pool: Pool): void
}

/** Why something is sent, as a function is told that writes the text: the end of `triggerSource`. */
export interface Letter {
  readonly source:
    | 'SignUp'
    | 'AdminCreateUser'
    | 'ResendCode'
    | 'ForgotPassword'
    | 'UpdateUserAttribute'
    | 'VerifyUserAttribute'
  /** Undefined where an administrator acts. */
  readonly clientId?: string | undefined
  readonly metadata?: unknown
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
export function startPost(logs: LogStore, now: () => number, triggers: Triggers): Post {
  const groupOf = ({ id }: Pool) => `/local/cognito/${id}`

  return {
    async sendCode(pool, user, purpose, attribute, occasion) {
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      user.codes.set(purpose, { code, attribute, expires: now() + GOOD_FOR[purpose] })
      const text = await written(pool, user, pool.settings.messages.code, occasion)
      send(pool, user, attribute, text, code)
      return deliveryTo(attribute, user.attributes.get(attribute) ?? '')
    },
    async invite(pool, user, password, media, occasion) {
      const wanted = media.flatMap(medium => ATTRIBUTES[medium] ?? [])
      const attributes = wanted.filter(name => user.attributes.get(name))
      if (attributes.length === 0) return false
      const text = await written(pool, user, pool.settings.messages.invitation, occasion)
      for (const name of attributes) send(pool, user, name, text, password)
      return true
    },
    forget(pool) {
      if (logs.groups.has(groupOf(pool))) logs.deleteGroup(groupOf(pool))
    },
  }

  /** The pool's text, or what its function writes in its place. */
  async function written(pool: Pool, user: User, usual: Text, occasion: Letter): Promise<Text> {
    const isInvitation = occasion.source === 'AdminCreateUser'
    const response = await triggers.call(pool, 'CustomMessage', {
      source: `CustomMessage_${occasion.source}`,
      userName: user.username,
      clientId: occasion.clientId,
      request: {
        userAttributes: attributesFor(user),
        codeParameter: '{####}',
        linkParameter: '{##Click Here##}',
        usernameParameter: isInvitation ? '{username}' : null,
        ...given('clientMetadata', occasion.metadata),
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    })
    return {
      subject: response?.emailSubject ?? usual.subject,
      email: response?.emailMessage ?? usual.email,
      sms: response?.smsMessage ?? usual.sms,
    }
  }

  function send(pool: Pool, user: User, attribute: string, text: Text, code: string) {
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
