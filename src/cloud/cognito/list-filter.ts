import { invalid } from './errors.ts'
import type { User } from './pool.ts'

/** What ListUsers can search by; custom attributes are not among them. */
const SEARCHABLE = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
]

/**
 * Which users a filter lets through: `email = "ana@example.com"`, `given_name ^= "A"`; all of them without one.
 *
 * @throws InvalidParameterException
 */
export function matcher(filter: string | undefined): (user: User) => boolean {
  if (!filter) return () => true
  const [, name = '', operator, quoted] =
    /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(filter) ?? []
  if (quoted === undefined) throw invalid('Error while parsing filter.')
  if (!SEARCHABLE.includes(name)) throw invalid(`Invalid search attribute: ${name}`)
  const wanted = quoted.replace(/\\(.)/g, '$1')
  return user => {
    const value = searched(user, name)
    if (value === undefined) return false
    // A user's states are written in one way only, but asked for in any.
    if (name === 'cognito:user_status') return value.toLowerCase() === wanted.toLowerCase()
    return operator === '=' ? value === wanted : value.startsWith(wanted)
  }
}

function searched(user: User, name: string): string | undefined {
  switch (name) {
    case 'username':
      return user.username
    case 'sub':
      return user.sub
    case 'cognito:user_status':
      return user.status
    case 'status':
      return user.isEnabled ? 'Enabled' : 'Disabled'
    default:
      return user.attributes.get(name)
  }
}
