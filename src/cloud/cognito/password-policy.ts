import { randomBytes, randomInt } from 'node:crypto'
import { invalid, refusal } from './errors.ts'
import { isTrue } from './schema.ts'

/** What a pool asks of passwords. */
export interface PasswordPolicy {
  readonly minimumLength: number
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
  /** For how many days a password is good that an administrator has given. */
  readonly temporaryDays: number
}

/** What Cognito counts as a symbol; a space is one too, but no password may have one. */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/

/** Cognito's limits for the length that a policy may ask for. */
const SHORTEST = 6
const LONGEST = 99

/**
 * A pool without a policy asks for everything; one with a policy for what that says.
 *
 * @throws InvalidParameterException
 */
export function readPasswordPolicy(policy: any, adminCreateUserConfig: any): PasswordPolicy {
  const minimumLength = Number(policy?.MinimumLength ?? 8)
  if (!(minimumLength >= SHORTEST && minimumLength <= LONGEST)) {
    const limit =
      minimumLength > LONGEST ? `less than or equal to ${LONGEST}` : `greater than or equal to ${SHORTEST}`
    throw invalid(
      `1 validation error detected: Value '${policy.MinimumLength}' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value ${limit}`,
    )
  }
  return {
    minimumLength,
    uppercase: policy ? isTrue(policy.RequireUppercase) : true,
    lowercase: policy ? isTrue(policy.RequireLowercase) : true,
    numbers: policy ? isTrue(policy.RequireNumbers) : true,
    symbols: policy ? isTrue(policy.RequireSymbols) : true,
    temporaryDays: Number(
      policy?.TemporaryPasswordValidityDays ?? adminCreateUserConfig?.UnusedAccountValidityDays ?? 7,
    ),
  }
}

/** Who asks, in the words of the refusal: they are not the same in every operation. */
const SENTENCES = {
  SignUp: 'Password did not conform with policy',
  AdminCreateUser: 'Password did not conform with password policy',
  other: 'Password does not conform to policy',
} as const

/** @throws InvalidPasswordException with the first rule that is broken. */
export function checkPassword(
  policy: PasswordPolicy,
  password: string,
  sentence: keyof typeof SENTENCES = 'other',
): void {
  const broken =
    password.length < policy.minimumLength
      ? 'Password not long enough'
      : policy.uppercase && !/[A-Z]/.test(password)
        ? 'Password must have uppercase characters'
        : policy.lowercase && !/[a-z]/.test(password)
          ? 'Password must have lowercase characters'
          : policy.numbers && !/\d/.test(password)
            ? 'Password must have numeric characters'
            : policy.symbols && !SYMBOL.test(password)
              ? 'Password must have symbol characters'
              : undefined
  if (broken) throw refusal('InvalidPasswordException', `${SENTENCES[sentence]}: ${broken}`)
}

/** A password that any policy lets pass, for a user whose administrator gives none. */
export function inventPassword({ minimumLength }: PasswordPolicy): string {
  const some = randomBytes(Math.max(8, minimumLength)).toString('base64url').slice(0, minimumLength)
  return `${some}aA${randomInt(10)}!`
}
