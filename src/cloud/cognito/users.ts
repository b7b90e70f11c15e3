import { randomUUID } from 'node:crypto'
import { invalid, noSuchUser, refusal } from './errors.ts'
import { newUser, type Pool, type User } from './pool.ts'
import type { PoolSettings } from './pool-settings.ts'
import { type Attribute, checkAttributes, isEmail, isPhoneNumber } from './schema.ts'

/** Somebody by their name, their `sub`, or what else they may sign in with; undefined when there is nobody. */
export function findUser(pool: Pool, name: string): User | undefined {
  const { settings, users } = pool
  const named = users.get(name)
  if (named) return named
  const same = settings.isCaseSensitive
    ? (value: string | undefined) => value === name
    : (value: string | undefined) => value?.toLowerCase() === name.toLowerCase()
  return (
    [...users.values()].find(({ username, sub }) => same(username) || sub === name) ??
    [...users.values()].find(user => signInNames(user, settings).some(same))
  )
}

/** @throws UserNotFoundException */
export function userOf(pool: Pool, name: string): User {
  const user = findUser(pool, name)
  if (!user) throw noSuchUser()
  return user
}

/** What somebody signs in with besides their name. An alias counts only once it has been verified, unless it is what they signed up with. */
function signInNames({ attributes }: User, settings: PoolSettings): readonly (string | undefined)[] {
  const verified = (alias: string) =>
    alias === 'preferred_username' || attributes.get(`${alias}_verified`)?.toLowerCase() === 'true'
  return [...settings.usernameAttributes, ...settings.aliasAttributes.filter(verified)].map(alias =>
    attributes.get(alias),
  )
}

/** Somebody who is not in the pool yet. */
export interface Candidate {
  readonly name: string
  /** The address with which they sign up, where it is one. */
  readonly kind: string | undefined
  readonly username: string
  readonly sub: string
  readonly attributes: ReadonlyMap<string, string>
}

/**
 * Somebody as they would be in a pool.
 *
 * @throws InvalidParameterException for a name or attributes that the pool does not take.
 */
export function candidate({ settings }: Pool, name: string, given: readonly Attribute[]): Candidate {
  const attributes = new Map(given.map(({ Name, Value = '' }) => [Name, Value]))
  const kind = settings.usernameAttributes.find(one => KINDS[one]?.fits(name))
  if (settings.usernameAttributes.length > 0) {
    if (!kind) throw invalid(`Username should be ${expectation(settings.usernameAttributes)}.`)
    attributes.set(kind, name)
  }
  for (const alias of settings.aliasAttributes) {
    const { fits, called } = KINDS[alias] ?? {}
    if (fits?.(name)) {
      throw invalid(
        `Username cannot be of ${called} format, since user pool is configured for ${called} alias.`,
      )
    }
  }
  // The words are assumed.
  if (attributes.has('sub')) throw invalid('Cannot modify the non-mutable attribute sub')
  checkAttributes(settings.schema, given, attributes)
  const sub = randomUUID()
  // A user who signs up with an address gets their `sub` as a name.
  return { name, kind, username: kind ? sub : name, sub, attributes }
}

/**
 * Lets somebody into a pool, without a password and `UNCONFIRMED`.
 *
 * @throws UsernameExistsException
 */
export function admit(
  pool: Pool,
  { name, kind, username, sub, attributes }: Candidate,
  now: number,
  existing: { readonly byName: string },
): User {
  if (findUser(pool, name)) {
    const message = kind ? `An account with the given ${kind} already exists.` : existing.byName
    throw refusal('UsernameExistsException', message)
  }
  const user = newUser(username, now, attributes, sub)
  pool.users.set(user.username, user)
  return user
}

/**
 * Changes attributes. An empty value takes one away; a new address has yet to be verified, unless the same change says that it is.
 *
 * @throws InvalidParameterException, AliasExistsException for an address with which somebody else signs in.
 */
export function changeAttributes(pool: Pool, user: User, given: readonly Attribute[], now: number): void {
  const { schema } = pool.settings
  checkAttributes(schema, given)
  const fixed = given.filter(({ Name }) => schema.some(one => one.Name === Name && !one.Mutable))
  if (fixed.length > 0) {
    // The words are assumed.
    throw invalid(fixed.map(({ Name }) => `user.${Name}: Attribute cannot be updated.\n`).join(''))
  }
  for (const { Name, Value } of given) {
    if (!Value || !pool.settings.usernameAttributes.includes(Name)) continue
    if ([...pool.users.values()].some(other => other !== user && other.attributes.get(Name) === Value)) {
      throw refusal('AliasExistsException', `An account with the given ${Name} already exists.`)
    }
  }
  const before = new Map(user.attributes)
  for (const { Name, Value = '' } of given) {
    if (Value === '') user.attributes.delete(Name)
    else user.attributes.set(Name, Value)
  }
  for (const address of Object.keys(KINDS)) {
    if (given.some(({ Name }) => Name === `${address}_verified`)) continue
    if (before.get(address) !== user.attributes.get(address)) {
      user.attributes.set(`${address}_verified`, 'false')
    }
  }
  user.modified = now
}

/** A user's attributes as answers have them, `sub` included; `only` these, if given. */
export const attributesOf = (
  { sub, attributes }: User,
  only?: readonly string[],
): readonly { Name: string; Value: string }[] =>
  [...attributes, ['sub', sub] as const]
    .filter(([name]) => name === 'sub' || !only || only.includes(name))
    .map(([Name, Value]) => ({ Name, Value }))

/** A user as AdminCreateUser and ListUsers show them. */
export const describeUser = (user: User, only?: readonly string[]) => ({
  Username: user.username,
  Attributes: attributesOf(user).filter(({ Name }) => !only || only.includes(Name)),
  ...aboutUser(user),
})

/** What every description of a user has. Times are seconds since the epoch. */
export const aboutUser = ({ created, modified, isEnabled, status }: User) => ({
  UserCreateDate: created / 1000,
  UserLastModifiedDate: modified / 1000,
  Enabled: isEnabled,
  UserStatus: status,
})

const KINDS: Readonly<
  Record<string, { fits(name: string): boolean; readonly called: string; readonly phrase: string }>
> = {
  email: { fits: isEmail, called: 'email', phrase: 'an email' },
  phone_number: { fits: isPhoneNumber, called: 'phone number', phrase: 'a phone number' },
}

const expectation = (kinds: readonly string[]) =>
  kinds.length > 1 ? 'either an email or a phone number' : KINDS[kinds[0]!]?.phrase
