import { incorrect, notAuthorized } from './errors.ts'
import { type Pool, poolNameOf, type User } from './pool.ts'
import { isPassword, verifierOf } from './srp.ts'

/** How many wrong passwords cost nothing; from then on each doubles the time in which no further one is looked at. */
const FREE_ATTEMPTS = 5
const SECOND = 1000
const LONGEST = 15 * 60 * SECOND

/** Gives a user a password. The caller has checked it against the policy. */
export function setPassword(pool: Pool, user: User, password: string, now: number): void {
  user.password = verifierOf(poolNameOf(pool), user.username, password)
  user.passwordGiven = now
  user.modified = now
}

/** @throws NotAuthorizedException for a wrong password, and for any at all during a lockout. */
export function checkPasswordOf(pool: Pool, user: User, password: string, now: number): void {
  tryOnce(user, now, () =>
    Boolean(user.password && isPassword(user.password, poolNameOf(pool), user.username, password)),
  )
}

/** @throws NotAuthorizedException when `isRight` says no, and without asking it during a lockout. */
export function tryOnce({ attempts }: User, now: number, isRight: () => boolean): void {
  if (now < attempts.lockedUntil) throw notAuthorized('Password attempts exceeded')
  if (now - attempts.last > LONGEST) attempts.failed = 0
  attempts.last = now
  if (isRight()) {
    attempts.failed = 0
    return
  }
  attempts.failed++
  if (attempts.failed >= FREE_ATTEMPTS) {
    const lockout = Math.min(SECOND * 2 ** (attempts.failed - FREE_ATTEMPTS), LONGEST)
    attempts.lockedUntil = now + lockout
  }
  throw incorrect()
}
