import type { House } from './house.ts'
import type { Pool, User } from './pool.ts'
import { attributesFor, given } from './triggers.ts'
import type { Candidate } from './users.ts'

/** What a function decides of somebody who is about to come in. */
export interface Admission {
  readonly confirms: boolean
  /** Attributes that count as verified. */
  readonly verified: readonly string[]
}

/** Asks the pool's function before somebody comes in. Throws what `Triggers` do. */
export async function beforeSignUp(
  { triggers }: House,
  pool: Pool,
  clientId: string | undefined,
  { username, attributes }: Candidate,
  input: Readonly<Record<string, any>>,
): Promise<Admission> {
  const { ValidationData: data } = input
  const pairs = data?.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value])
  const response = await triggers.call(pool, 'PreSignUp', {
    source: `PreSignUp_${clientId === undefined ? 'AdminCreateUser' : 'SignUp'}`,
    userName: username,
    clientId,
    request: {
      userAttributes: Object.fromEntries(attributes),
      validationData: pairs ? Object.fromEntries(pairs) : null,
      ...given('clientMetadata', input.ClientMetadata),
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  })
  return {
    confirms: response?.autoConfirmUser === true,
    verified: [
      ...(response?.autoVerifyEmail === true ? ['email'] : []),
      ...(response?.autoVerifyPhone === true ? ['phone_number'] : []),
    ].filter(name => attributes.get(name)),
  }
}

/** Tells the pool's function that somebody is confirmed, or has a new password. They stay so if it fails. */
export async function afterConfirmation(
  { triggers }: House,
  pool: Pool,
  clientId: string | undefined,
  user: User,
  source: 'ConfirmSignUp' | 'ConfirmForgotPassword',
  metadata?: unknown,
): Promise<void> {
  await triggers.call(pool, 'PostConfirmation', {
    source: `PostConfirmation_${source}`,
    userName: user.username,
    clientId,
    request: { userAttributes: attributesFor(user), ...given('clientMetadata', metadata) },
    response: {},
  })
}
